// Runs in browser and Node: pure.
import { z } from 'zod';
import { bare, fieldForms } from './fields/field.ts';

/** A fault: what is wrong with one field of one file (`what`), and what to do about it (`remedy`), both in Chinese. */
export interface Fault {
  /** Path of the file below the content folder. */
  file: string;
  /** Path of the field, with list positions from 0 (`photos.1.caption`); empty for the file as a whole. */
  field: string;
  /** Name of the field in the editor's form, for example 第 2 张照片·图片说明. */
  label: string;
  what: string;
  remedy: string;
}

/** The result of checking an entry or a photo by the rules. */
export interface Verdict {
  /** Faults that prevent publication. */
  faults: Fault[];
  /** Notes for a reviewer that do not prevent publication: warnings, and errors that a reviewer has waived. */
  remarks: Fault[];
}

/** Returns a fault as one line, for terminals and logs. */
export function faultLine(fault: Fault): string {
  const where = fault.field === '' ? fault.file : `${fault.file} · ${fault.label}（${fault.field}）`;
  return `${where}：${fault.what}。${fault.remedy}`;
}

interface Place {
  label: string;
  remedy: string;
}

/**
 * Returns the label and the remedy of the field at a path. If the schema contains only the beginning of the path,
 * returns those of the last field that the schema contains.
 */
function placeOf(schema: z.core.$ZodType, path: readonly PropertyKey[]): Place {
  const labels: string[] = [];
  let remedy = '请对照说明改正。';
  let counter = '项';
  let at = schema;
  for (const step of path) {
    const inner = bare(at);
    let next: z.core.$ZodType | undefined;
    if (inner instanceof z.ZodObject) next = inner.shape[String(step)];
    else if (inner instanceof z.ZodArray) next = inner.def.element;
    if (next === undefined) break;
    const form = fieldForms.get(next) ?? fieldForms.get(bare(next));
    if (typeof step === 'number') labels.splice(-1, 1, `第 ${step + 1} ${counter}${labels.at(-1) ?? ''}`);
    else if (form) labels.push(form.label);
    if (form) remedy = form.remedy;
    counter = form?.counter ?? '项';
    at = next;
  }
  return { label: labels.join('·'), remedy };
}

function faultsOfIssue(file: string, schema: z.core.$ZodType, issue: z.core.$ZodIssue): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      file,
      field: [...issue.path, key].join('.'),
      label: key,
      what: `不认识的字段“${key}”`,
      remedy: '请检查拼写，或删去这一行。',
    }));
  }
  return [{ file, field: issue.path.join('.'), ...placeOf(schema, issue.path), what: issue.message }];
}

/** Returns the faults of a file for the issues of a ZodError. `schema` is the schema that reported the issues. */
export function faultsOf(file: string, schema: z.ZodType, error: z.ZodError): Fault[] {
  return error.issues.flatMap((issue) => faultsOfIssue(file, schema, issue));
}
