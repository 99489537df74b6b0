/** Elements that can have the focus and a mark as invalid. */
const CONTROLS = 'select, textarea, input:not([type=hidden]), [contenteditable=true]';

function firstControl(within: Element): HTMLElement | undefined {
  return within.querySelector<HTMLElement>(CONTROLS) ?? within.querySelector<HTMLElement>('button') ?? undefined;
}

/** Returns the control of a field of a photo, as its card shows it; undefined if there is no card. */
function photoControl(within: Element, index: number, name: string): HTMLElement | undefined {
  const card = within.querySelectorAll('[data-testid=photo]')[index];
  const field = card?.querySelector(`.photo-${name}`);
  return card ? firstControl(field ?? card) : undefined;
}

/**
 * Returns the control in which the field at a path can be changed, such as `title` or `photos.1.caption`. `within` is the
 * element of the field in the form (data-field). If the field itself has no control, returns the nearest one.
 */
export function controlOf(within: Element, path: string): HTMLElement | undefined {
  const [top = '', ...rest] = path.split('.');
  const named = rest.length > 0 ? within.querySelector(`[data-field="${CSS.escape(path)}"]`) : null;
  if (named instanceof HTMLElement) return named.matches(CONTROLS) ? named : firstControl(named);
  const last = rest.at(-1) ?? '';
  const index = Number(rest[0]);
  if (top === 'photos' && Number.isInteger(index)) return photoControl(within, index, last) ?? firstControl(within);
  const nested = rest.length > 0 ? within.querySelector<HTMLElement>(`[id^="${CSS.escape(last)}-field-"]`) : undefined;
  const own = within.querySelector<HTMLElement>(`[id^="${CSS.escape(top)}-field-"]`);
  const control = [nested, own].find((element) => element?.matches(CONTROLS));
  return control ?? firstControl(within);
}

/**
 * Marks the controls at fault as invalid, and lets each refer to the lines of its faults. Removes all earlier marks.
 * `lines` contains the ids of the lines by control.
 */
export class FaultMarks {
  #marked: ReadonlyMap<HTMLElement, readonly string[]> = new Map();

  set(lines: ReadonlyMap<HTMLElement, readonly string[]>): void {
    for (const [control, ids] of this.#marked) {
      control.removeAttribute('aria-invalid');
      describe(control, (now) => now.filter((id) => !ids.includes(id)));
    }
    for (const [control, ids] of lines) {
      control.setAttribute('aria-invalid', 'true');
      describe(control, (now) => [...now, ...ids]);
    }
    this.#marked = lines;
  }
}

function describe(control: HTMLElement, change: (ids: readonly string[]) => readonly string[]): void {
  const before = (control.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean);
  const after = change(before);
  if (after.length > 0) control.setAttribute('aria-describedby', after.join(' '));
  else control.removeAttribute('aria-describedby');
}
