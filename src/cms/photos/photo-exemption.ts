import { isMap, Map } from 'immutable';
import { createElement as h, type ReactNode } from 'react';
import { judgeLength } from '../../model/fields/field.ts';
import { decapFields } from '../../model/decap-fields.ts';
import { photo as photoModel } from '../../model/fields/photo.ts';
import type { DecapMap } from '../widgets/widget.ts';
import { lengthNote, lengthOf } from '../widgets/line-controls.ts';

/** Why a reviewer waived the errors of a photo, and the reviewer's name. */
export interface Exemption {
  reason: string;
  by: string;
}

const NAME = 'exemption';

/** Returns the form of the reason for an exemption, from the model. */
function reasonForm() {
  const form = decapFields(photoModel.shape.exemption.unwrap()).find(({ name }) => name === 'reason');
  if (!form) throw new Error('The exemption of a photo has no reason in the model.');
  return form;
}

const reasonField = reasonForm();
const reasonLength = lengthOf(reasonField['length']);

/** Returns the exemption of a photo in the form; undefined if the photo has none. */
export function exemptionOf(photo: DecapMap): Exemption | undefined {
  const value = photo.get(NAME);
  if (!isMap(value)) return undefined;
  const [reason, by] = [value.get('reason'), value.get('by')];
  return typeof reason === 'string' ? { reason, by: typeof by === 'string' ? by : '' } : undefined;
}

/** Returns the photo with an exemption; without one if the reason is empty. */
export function withExemption(photo: DecapMap, { reason, by }: Exemption): DecapMap {
  return reason === '' ? photo.delete(NAME) : photo.set(NAME, Map({ reason, by }));
}

/** Returns what is wrong with the length of the reason; undefined if it is acceptable or there is no exemption. */
export function exemptionFault(photo: DecapMap): string | undefined {
  const exemption = exemptionOf(photo);
  return exemption && judgeLength(reasonField.label, exemption.reason, reasonLength);
}

interface ExemptionProps {
  id: string;
  /** Position of the photo in the entry, from 1. */
  number: number;
  exemption: Exemption | undefined;
  /** Whether the photo has errors and a reviewer may waive all of them. */
  waivable: boolean;
  /** Whether the entry is published; the photo may then have been published under earlier rules. */
  published: boolean;
  mayExempt: boolean;
  onExempt(reason: string): void;
}

const WAITING = '等审核人豁免';
const WAITING_OR_OLD = '如果是新加的照片：等审核人豁免。从前已发布的照片照样显示，方便时请换一张。';

/**
 * Returns the state of a photo's exemption, with a field for the reason if the editor may exempt photos. Null if the
 * photo has neither an exemption nor errors that can be waived.
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
