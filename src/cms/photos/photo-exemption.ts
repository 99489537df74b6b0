import { isMap, Map } from 'immutable';
import { createElement as h, type ReactNode } from 'react';
import { judgeLength } from '../../model/fields/field.ts';
import { decapFields } from '../../model/decap-fields.ts';
import { photo as photoModel } from '../../model/fields/photo.ts';
import type { DecapMap } from '../widgets/widget.ts';
import { lengthNote, lengthOf } from '../widgets/line-controls.ts';

/** Why the errors of a photo were waived, and by which reviewer. */
export interface Exemption {
  reason: string;
  by: string;
}

const NAME = 'exemption';

function reasonForm() {
  const form = decapFields(photoModel.shape.exemption.unwrap()).find(({ name }) => name === 'reason');
  if (!form) throw new Error('The exemption of a photo has no reason in the model.');
  return form;
}

const reasonField = reasonForm();
const reasonLength = lengthOf(reasonField['length']);

/** Returns the exemption of a photo in the form; undefined if it has none. */
export function exemptionOf(photo: DecapMap): Exemption | undefined {
  const value = photo.get(NAME);
  if (!isMap(value)) return undefined;
  const [reason, by] = [value.get('reason'), value.get('by')];
  return typeof reason === 'string' ? { reason, by: typeof by === 'string' ? by : '' } : undefined;
}

/** Returns the photo with an exemption; an empty reason removes it. */
export function withExemption(photo: DecapMap, { reason, by }: Exemption): DecapMap {
  return reason === '' ? photo.delete(NAME) : photo.set(NAME, Map({ reason, by }));
}

/** Returns what is wrong with the reason; undefined if nothing is. */
export function exemptionFault(photo: DecapMap): string | undefined {
  const exemption = exemptionOf(photo);
  return exemption && judgeLength(reasonField.label, exemption.reason, reasonLength);
}

interface ExemptionProps {
  id: string;
  /** Number of the photo, from 1. */
  number: number;
  exemption: Exemption | undefined;
  /** The photo has errors, and all of them may be waived. */
  waivable: boolean;
  /** The entry is published, and so perhaps the photo. */
  published: boolean;
  mayExempt: boolean;
  onExempt(reason: string): void;
}

const WAITING = '等审核人豁免';
const WAITING_OR_OLD = '如果是新加的照片：等审核人豁免。从前已发布的照片照样显示，方便时请换一张。';

/**
 * Returns the state of a photo's exemption, with a field for the reason if the editor may exempt; null if not needed.
 */
export function exemptionNote(props: ExemptionProps): ReactNode {
  const { id, number, exemption, waivable, published, mayExempt, onExempt } = props;
  if (!exemption && !waivable) return null;
  const { label, hint } = reasonField;
  const note = `${id}-exemption-note`;
  const value = exemption?.reason ?? '';
  const status = exemption ? `${exemption.by}已豁免：${exemption.reason}` : published ? WAITING_OR_OLD : WAITING;
  return h(
    'div',
    { className: 'exemption', 'data-testid': 'exemption' },
    h('p', null, status),
    mayExempt
      ? h(
          'label',
          null,
          label,
          h('input', {
            type: 'text',
            value,
            placeholder: hint,
            'aria-label': `照片 ${number} ${label}`,
            'aria-describedby': note,
            onChange: ({ target }: { target: { value: string } }) => onExempt(target.value),
          }),
          lengthNote(note, label, value, reasonLength),
        )
      : null,
  );
}
