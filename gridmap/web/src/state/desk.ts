/** What lies on the planner's desk: the plans, the open one, and what is being done to it. */

import type { ReadonlySignal, Signal } from '@preact/signals'

import type { Area, Edit, Finding, LogEntry, Spot, Outcome, Plan, Proof } from '../api/plans'

import type { OpenPlan } from './draft'
import type { Figure } from './figures'
import type { Offer } from './offers'
import type { Loaded, Resource } from './resource'
import type { Tool, ToolKind, Way } from './tool'

export interface Preview {
  readonly edit: Edit
  readonly outcome: Outcome
}

/** Something to tell: a refusal, a press beside everything, or what others changed meanwhile. */
export type Notice =
  | { readonly kind: 'refused'; readonly error: unknown }
  | { readonly kind: 'missed'; readonly way: Way }
  | { readonly kind: 'stale'; readonly entries: readonly LogEntry[] }

export interface Plans {
  readonly list: Resource<readonly Plan[]>
  readonly opened: ReadonlySignal<Loaded<OpenPlan>>
  /** The open plan, while its room is entered. */
  readonly open: ReadonlySignal<OpenPlan | null>
  readonly level: ReadonlySignal<number | null>
  /** The grids of the chosen level. */
  readonly areas: ReadonlySignal<readonly Area[]>
  readonly isEditable: ReadonlySignal<boolean>
  readonly steps: ReadonlySignal<{ readonly undo: LogEntry | null; readonly redo: LogEntry | null }>
  readonly selected: Signal<number | null>
  readonly tool: ReadonlySignal<Tool | null>
  /** What can be pressed with it. */
  readonly offers: ReadonlySignal<readonly Offer[]>
  readonly preview: ReadonlySignal<Preview | null>
  readonly notice: ReadonlySignal<Notice | null>
  readonly proof: ReadonlySignal<Proof | null>
  /** What of the proof is looked at. */
  readonly finding: Signal<Finding | null>
  readonly isBusy: ReadonlySignal<boolean>
  /** A boundary is held and pulled. */
  readonly isHolding: Signal<boolean>
  /** The figure that the map and the table show beside the households. */
  readonly figure: Signal<Figure>
  readonly actor: Signal<string>
  show(id: number | null): void
  retry(): void
  make(basedOn: number, name: string): Promise<void>
  take(kind: ToolKind | null): void
  /** Go on with the tool; with `ask`, ask for a preview of what it stands for. */
  use(tool: Tool, ask: boolean): void
  /** A press of a tool that needs only one: on a block, on a building. */
  point(at: Spot): Promise<void>
  /** Ask for a preview of what is drawn so far. */
  end(): void
  /** Take the last point back, or else the last grid. */
  back(): void
  accept(): Promise<void>
  discard(): void
  step(which: 'undo' | 'redo'): Promise<void>
  rename(grid: number, name: string): Promise<void>
  lock(grid: number, locked: boolean): Promise<void>
  renumber(): Promise<void>
  check(): Promise<void>
  publish(starts: string): Promise<void>
  /** One thing at a time, with the open plan as it is; what goes wrong is told. */
  work(what: (now: OpenPlan) => Promise<void>): Promise<void>
  /** Make a plan in the planner's name, and open it. */
  begin(make: (actor: string) => Promise<Plan>): Promise<void>
  /** Read the open plan and the list again. */
  refresh(): void
}
