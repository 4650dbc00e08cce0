/** Reads QR codes from the camera: by the browser's own reader where it has one, else by a library. */

type Reader = (video: HTMLVideoElement) => Promise<string | null>
type Native = { detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]> }
declare const BarcodeDetector: { new (options: { formats: string[] }): Native; getSupportedFormats(): Promise<string[]> } | undefined

const PAUSE_MS = 150

async function reader(): Promise<Reader> {
  if (typeof BarcodeDetector !== 'undefined' && (await BarcodeDetector.getSupportedFormats()).includes('qr_code')) {
    const native = new BarcodeDetector({ formats: ['qr_code'] })
    return async (video) => (await native.detect(video))[0]?.rawValue ?? null
  }
  const { decodeQR } = await import('qr/decode.js')
  const canvas = document.createElement('canvas')
  return async (video) => {
    canvas.width = video.videoWidth
    canvas.height = video.videoHeight
    const context = canvas.getContext('2d', { willReadFrequently: true })
    if (!context || !video.videoWidth) return null
    context.drawImage(video, 0, 0)
    try {
      return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height)) as string
    } catch {
      return null // no code in this picture
    }
  }
}

/** Watch until a code is seen or the watching is stopped; answers how to stop it. Throws where there is no camera. */
export async function watch(video: HTMLVideoElement, seen: (code: string) => void): Promise<() => void> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false })
  const read = await reader()
  let watching = true
  const stop = (): void => {
    watching = false
    for (const track of stream.getTracks()) track.stop()
    video.hidden = true
  }
  video.srcObject = stream
  video.hidden = false
  await video.play()
  const look = async (): Promise<void> => {
    if (!watching) return
    const code = await read(video)
    if (code) {
      stop()
      seen(code)
    } else setTimeout(() => void look(), PAUSE_MS)
  }
  void look()
  return stop
}
