/** A bar in a list: how much of the greatest value. */

export function Bar({ value, most, colour }: { value: number; most: number; colour?: string }) {
  const share = most > 0 ? Math.max(0, Math.min(1, value / most)) : 0
  return (
    <span class="bar" aria-hidden="true">
      <span style={{ width: `${share * 100}%`, ...(colour ? { background: colour } : {}) }} />
    </span>
  )
}
