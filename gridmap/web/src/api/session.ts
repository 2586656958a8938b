/** The token of the service, shown once by this browser. */

import { send } from './client'

/** Throws a `Problem` with status 401 where it is not the service's own. */
export function openSession(token: string): Promise<void> {
  return send('session', { token }, '')
}
