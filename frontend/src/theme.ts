/** Lets a person choose the light or the dark room theme; a cookie keeps it, so the server draws it at once. */

export const THEME_CHANGED = 'tansiq:theme'
type Choice = 'light' | 'dark' | 'system'

function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
}

function show(choice: Choice): void {
  const root = document.documentElement
  if (choice === 'system') delete root.dataset.theme
  else root.dataset.theme = choice
  for (const button of document.querySelectorAll<HTMLElement>('[data-theme-choice]')) {
    button.setAttribute('aria-pressed', String(button.dataset.themeChoice === choice))
  }
  document.dispatchEvent(new CustomEvent(THEME_CHANGED))
}

function choose(choice: Choice): void {
  const age = choice === 'system' ? 0 : 60 * 60 * 24 * 365
  document.cookie = `theme=${choice};path=/;max-age=${age};samesite=lax`
  show(choice)
}

export function startTheme(): void {
  show((document.documentElement.dataset.theme as Choice | undefined) ?? 'system')
  document.addEventListener('click', (event) => {
    const target = event.target as Element
    const choice = target.closest<HTMLElement>('[data-theme-choice]')?.dataset.themeChoice
    if (choice) choose(choice as Choice)
    else if (target.closest('[data-theme-turn]')) choose(isDark() ? 'light' : 'dark')
  })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
    document.dispatchEvent(new CustomEvent(THEME_CHANGED)),
  )
}
