/** One object for each way of working with the map; exactly one is active. */

import type { Input } from '../map/input'

export interface Mode {
  readonly name: string
  input(input: Input): void
  /** Another mode takes over. */
  leave(): void
}
