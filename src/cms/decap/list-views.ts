import { z } from 'zod';
import { collections } from '../../model/collections/collections.ts';
import { bare, formOf, type FieldForm } from '../../model/fields/field.ts';
import type { CollectionName } from '../../model/fields/collection-names.ts';
import { referenceOptionsOf } from '../backend/site-settings.ts';

/** The part of a collection's configuration that says how Decap lists, sorts, filters and groups its entries. */
export interface ListViews {
  summary: string;
  sortable_fields: { field: string; label: string; default_sort?: 'asc' | 'desc' }[];
  view_filters: { label: string; field: string; pattern: string }[];
  view_groups: { label: string; field: string }[];
}

/**
 * Templates of the line that a list shows for an entry. Fields that begin with `_` exist only in lists: they contain
 * Chinese words instead of codes (entry-format.ts).
 */
const summaries: Record<CollectionName, string> = {
  stories: '{{date}} · {{_unit}} · {{title}}',
  examples: '{{name}} · {{_kind}} · {{_unit}}',
  summaries: '{{fields.year}}年 · {{_unit}}',
  wishes: '{{wish}} · {{_state}} · {{alias}}',
  notices: '{{signed}} · {{title}} · {{number}}',
  units: '{{name}}（{{short}}）· {{_kind}}',
  activities: '{{order}} {{title}}',
  site: '{{name}}',
};

/**
 * The fields that a list can be sorted by. The first field is the default order: descending for dates and years,
 * ascending for all other fields.
 */
const sortable: Record<CollectionName, readonly string[]> = {
  stories: ['date', 'title', '_unit'],
  examples: ['name', '_unit'],
  summaries: ['year', '_unit'],
  wishes: ['updated', '_state', '_unit'],
  notices: ['signed', 'title'],
  units: ['name', '_kind'],
  activities: ['order', 'title'],
  site: [],
};
/** Fields that are sorted in descending order (newest first). */
const DESCENDING = ['date', 'year', 'updated', 'signed'];

/** Returns the years that filters offer, latest first: the year of `today` and the years of the loaded stories. */
function yearsUntil(today: Date): string[] {
  const storyYears = referenceOptionsOf('stories').map(({ value }) => value.slice(0, 4));
  return [...new Set([String(today.getFullYear()), ...storyYears])].sort().reverse();
}

const options = z.array(z.object({ value: z.string(), label: z.string() }));

function escaped(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/gu, '\\$&');
}

/**
 * Returns all words that a field's value can have. If the field is a list, `item` is the form of its items. Returns
 * undefined if the field has no options, or if it refers to other entries than units and activities: other collections
 * have too many entries to list.
 */
function namesFor(form: FieldForm, item: FieldForm | undefined): string[] | undefined {
  const to = form.refersTo ?? item?.refersTo;
  if (to === 'units' || to === 'activities') return referenceOptionsOf(to).map(({ label }) => label);
  const listed = options.safeParse(form.options?.['options']);
  return listed.success ? listed.data.map(({ label }) => label) : undefined;
}

function fieldsOf(name: CollectionName): { field: string; form: FieldForm; item: FieldForm | undefined }[] {
  return Object.entries(collections[name].schema.shape).map(([field, schema]) => {
    const inner = bare(schema);
    const item = inner instanceof z.ZodArray ? formOf(inner.def.element) : undefined;
    return { field, form: formOf(schema), item };
  });
}

/**
 * Returns the list views of a collection. Leaves out empty lists of filters and groups, which Decap does not accept.
 */
export function listViewsOf(name: CollectionName, today: Date): Partial<ListViews> {
  const fields = fieldsOf(name);
  const labels = new Map(fields.map(({ field, form }) => [field, form.label]));
  const named = fields.flatMap(({ field, form, item }) => {
    const names = field === 'coOrganisers' ? undefined : namesFor(form, item);
    return names === undefined ? [] : [{ field: `_${field}`, label: form.label, names }];
  });
  if ('withdrawn' in collections[name].schema.shape) {
    named.push({ field: '_state', label: '状态', names: ['已发布', '撤稿'] });
  }
  const dated = DESCENDING.some((field) => labels.has(field));
  const years = dated ? yearsUntil(today) : [];
  const filters = [
    ...years.map((year) => ({ label: `${year}年`, field: '_year', pattern: `^${year}$` })),
    ...named.flatMap(({ field, label, names }) =>
      names.map((value) => ({ label: `${label}：${value}`, field, pattern: `(^|、)${escaped(value)}(、|$)` })),
    ),
  ];
  const groups = [
    ...(dated ? [{ label: '年度', field: '_year' }] : []),
    ...named.map(({ field, label }) => ({ label, field })),
  ];
  return {
    summary: summaries[name],
    sortable_fields: sortable[name].map((field, index) => ({
      field,
      label: labels.get(field.replace(/^_/u, '')) ?? field,
      ...(index === 0 ? { default_sort: DESCENDING.includes(field) ? ('desc' as const) : ('asc' as const) } : {}),
    })),
    ...(filters.length > 0 ? { view_filters: filters } : {}),
    ...(groups.length > 0 ? { view_groups: groups } : {}),
  };
}
