/** What the browser keeps from one visit to the next. */

export function storage(): Storage | null {
  try {
    return window.localStorage
  } catch {
    return null // forbidden by the reader's browser: then nothing is remembered
  }
}
