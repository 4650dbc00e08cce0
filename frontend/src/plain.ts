/** The few pages for a phone with a bad connection: a small style, and forms that keep what was typed. */
import './styles/plain.css'
import { startForms } from './form.ts'

document.documentElement.dataset.script = 'on'
startForms(document)
