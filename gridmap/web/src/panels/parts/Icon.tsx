/** Line icons, drawn for this page. */

const PATHS = {
  map: 'M9 4 3.5 6v14L9 18l6 2 5.5-2V4L15 6 9 4Zm0 0v14m6-12v14',
  plans: 'M4 4h16v16H4Zm0 7h7m0-7v16m0-4h9',
  staff: 'M9 11.500a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c0-3.6 2.9-5.5 6.5-5.500s6.5 1.9 6.5 5.500M16 5a3.3 3.3 0 0 1 0 6.300m2.5 3.900c1.9.8 3 2.4 3 4.8',
  incidents: 'M12 3.5 2.5 20h19L12 3.500Zm0 6.500v4.500m0 2.600v.1',
  hotspots: 'M12 21a7 7 0 0 0 7-7c0-3.5-2.2-5.3-3.4-7-.3 1.7-1.1 2.6-2.1 3 .4-2.8-.8-5.5-3.3-7 .2 3-1.2 4.5-2.7 6.200C6.1 10.7 5 12 5 14a7 7 0 0 0 7 7Z',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm5-1.500L20.5 20.5',
  close: 'm6 6 12 12M18 6 6 18',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  fit: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  back: 'M15 5 8 12l7 7',
  next: 'm9 5 7 7-7 7',
  locate: 'M12 7.500a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Zm0-5v4m0 11v4M2.5 12h4m11 0h4',
  up: 'm6 15 6-6 6 6',
  down: 'm6 9 6 6 6-6',
  undo: 'M8 5 4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11h-3',
  redo: 'm16 5 4 4-4 4m4-4H10a5.5 5.5 0 0 0 0 11h3',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, size = 22 }: { name: IconName; size?: number }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
