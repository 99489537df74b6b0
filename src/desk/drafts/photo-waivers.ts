import { z } from 'zod';
import { photo } from '../../model/fields/photo.ts';
import { Refusal } from '../domain/refusal.ts';
import { hasRole } from '../../model/roles.ts';
import type { Editor } from '../domain/editor.ts';

/** A person who saves an entry. Only a reviewer may waive an error of a photo. */
export type Writer = Pick<Editor, 'name' | 'login' | 'role' | 'unit'>;

const exemption = photo.shape.exemption.unwrap();
type Exemption = z.output<typeof exemption>;

const sentExemption = z.object({ reason: z.string().trim().min(1) });
const storedExemption = exemption.optional().catch(undefined);

/**
 * Returns the exemption of a photo after a save, or undefined if the photo has none. A reviewer may add, change or
 * remove an exemption; a new or changed one names this reviewer. If anybody else saves, the stored exemption stays.
 * @param sent the exemption in the sent text, as it was parsed from YAML.
 * @param stored the exemption in the version that the save is based on, as it was parsed from YAML.
 * @throws Refusal 403 if the writer is no reviewer and adds or changes an exemption, 422 if its reason is too long.
 */
export function applyWaivers(sent: unknown, stored: unknown, writer: Writer): Exemption | undefined {
  const before = storedExemption.parse(stored);
  const asked = sentExemption.safeParse(sent);
  if (asked.success && asked.data.reason === before?.reason) return before;
  if (!hasRole(writer, 'reviewer')) {
    if (asked.success) throw new Refusal(403, '照片豁免只能由审核人填写，没有保存。请去掉它，或请审核人处理。');
    return before;
  }
  if (!asked.success) return undefined;
  const given = exemption.safeParse({ reason: asked.data.reason, by: writer.name });
  if (!given.success) throw new Refusal(422, `豁免理由不合要求，没有保存：${given.error.issues[0]?.message ?? ''}。`);
  return given.data;
}
