import { createElement as h, type ChangeEvent, type DragEvent, type ReactNode } from 'react';
import type { PhotoLimits } from '../../photo/rules/size-rule.ts';

/** File types that the file dialog offers. The real type of a file is detected from its bytes. */
export const ACCEPT =
  'image/jpeg,image/png,image/webp,image/avif,image/heic,image/heif,.jpg,.jpeg,.png,.webp,.avif,.heic,.heif';

interface PhotoDropProps {
  id: string;
  busy: boolean;
  /** Whether something is dragged over the field. */
  over: boolean;
  /** Whether the entry has as many photos as it may have. */
  full: boolean;
  limits: PhotoLimits;
  onOver(over: boolean): void;
  onFiles(files: readonly File[]): void;
}

/** Returns the field in which editors pick photos or drop them. */
export function photoDrop({ id, busy, over, full, limits, onOver, onFiles }: PhotoDropProps): ReactNode {
  const dragged = (event: DragEvent, inside: boolean): void => {
    event.preventDefault();
    onOver(inside);
  };
  return h(
    'label',
    {
      className: ['drop', over ? 'over' : '', full ? 'full' : ''].filter(Boolean).join(' '),
      'data-testid': 'photo-drop',
      onDragOver: (event: DragEvent) => dragged(event, true),
      onDragLeave: (event: DragEvent) => dragged(event, false),
      onDrop: (event: DragEvent) => {
        dragged(event, false);
        if (!busy) onFiles([...event.dataTransfer.files]);
      },
    },
    h('span', null, '添加照片：点这里选择，或把照片拖到这里（可以一次选几张）'),
    h('span', { className: 'drop-limits' }, `长边不小于 ${limits.longSide}，要原图`),
    h('input', {
      id,
      type: 'file',
      accept: ACCEPT,
      multiple: true,
      'data-testid': 'photo-input',
      disabled: busy,
      onChange: (event: ChangeEvent<HTMLInputElement>) => {
        const files = [...(event.target.files ?? [])];
        event.target.value = '';
        onFiles(files);
      },
    }),
  );
}
