/** One object for each way of working with the map; exactly one is active. */

import type { Input } from '../map/input'

export interface Mode {
  readonly name: string
  /** True when something was taken hold of. */
  input(input: Input): boolean | void
  /** Another mode takes over. */
  leave(): void
}
