import { createElement as h, type ChangeEvent, type DragEvent, type ReactNode } from 'react';

/** File types that the file dialog offers. The real type of a file is detected from its bytes. */
const ACCEPT =
  'image/jpeg,image/png,image/webp,image/avif,image/heic,image/heif,.jpg,.jpeg,.png,.webp,.avif,.heic,.heif';

interface PhotoDropProps {
  id: string;
  busy: boolean;
  /** Whether something is dragged over the field. */
  over: boolean;
  onOver(over: boolean): void;
  onFiles(files: readonly File[]): void;
}

/** Returns the field in which editors pick photos or drop them. */
export function photoDrop({ id, busy, over, onOver, onFiles }: PhotoDropProps): ReactNode {
  const dragged = (event: DragEvent, inside: boolean): void => {
    event.preventDefault();
    onOver(inside);
  };
  return h(
    'label',
    {
      className: over ? 'drop over' : 'drop',
      'data-testid': 'photo-drop',
      onDragOver: (event: DragEvent) => dragged(event, true),
      onDragLeave: (event: DragEvent) => dragged(event, false),
      onDrop: (event: DragEvent) => {
        dragged(event, false);
        if (!busy) onFiles([...event.dataTransfer.files]);
      },
    },
    '添加照片：点这里选择，或把照片拖到这里（可以一次选几张）',
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
