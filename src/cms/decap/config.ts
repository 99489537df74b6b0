import { collections } from '../../model/collections/collections.ts';
import { pathParameters } from '../../model/entry-path.ts';
import { decapFieldsOf, type DecapField } from '../../model/form.ts';
import type { CollectionName } from '../../model/fields/names.ts';
import { hasRole, writableBy, type EditorPosition } from '../../model/roles.ts';
import { listViewsOf, type ListViews } from './list-views.ts';

/** A collection as Decap's configuration wants it. */
export interface DecapCollection extends Partial<ListViews> {
  name: string;
  label: string;
  label_singular?: string;
  folder?: string;
  files?: { name: string; label: string; file: string; fields: DecapField[] }[];
  path?: string;
  slug?: string;
  extension?: string;
  format: string;
  identifier_field?: string;
  create?: boolean;
  delete?: boolean;
  media_folder?: string;
  public_folder?: string;
  editor: { preview: boolean };
  fields?: DecapField[];
}

/** As much of Decap's configuration as is used here. */
export interface DecapConfig {
  backend: { name: string; proxy_url: string; branch: string; commit_messages: Record<string, string> };
  load_config_file: boolean;
  publish_mode: string;
  locale: string;
  media_folder: string;
  public_folder: string;
  show_preview_links: boolean;
  logo: { src: string; show_in_header: boolean };
  issue_reports: { url: string };
  slug: { encoding: string; clean_accents: boolean };
  collections: DecapCollection[];
}

/** The collections as staff look for them: what is written most often first. */
const ORDER: readonly CollectionName[] = [
  'stories',
  'examples',
  'summaries',
  'wishes',
  'notices',
  'units',
  'activities',
  'site',
];

/** The collections that have a page of their own for each entry. */
export const PAGED: readonly CollectionName[] = ['stories', 'examples', 'summaries', 'notices', 'units', 'activities'];
/** There are seven activities, and there will be seven. */
const FIXED: readonly CollectionName[] = ['activities'];

/** Our own format of a collection's files (entry-format.ts). */
export function formatName(name: CollectionName): string {
  return `union-${name}`;
}

/** Where Decap files an entry, by the model's path: slugs are ids, never words. */
function filing(name: CollectionName): Pick<DecapCollection, 'folder' | 'path' | 'slug' | 'extension'> {
  const [, folder = '', rest = '', extension = ''] = /^([^/]+)\/(.+)\.(\w+)$/u.exec(collections[name].path) ?? [];
  const own = pathParameters(name).at(-1) ?? '';
  // `fields.`: Decap has meanings of its own for names such as `year`.
  const slug = `{{fields.${own}}}`;
  const path = rest.replace(/\{(\w+)\}/gu, (_, parameter: string) =>
    parameter === own ? '{{slug}}' : `{{${parameter}}}`,
  );
  return { folder, extension, slug, ...(path === '{{slug}}' ? {} : { path }) };
}

/** Not of the entry but about it: shown above its form, never written (entry-format.ts leaves out what begins with _). */
const NOTES: DecapField = { name: '_notes', label: '批注', widget: 'notes', required: false };

function collectionOf(name: CollectionName, today: Date, who: EditorPosition): DecapCollection {
  const { label, labelOne, path } = collections[name];
  const fields = [NOTES, ...decapFieldsOf(name)];
  const common = { name, label, format: formatName(name), editor: { preview: PAGED.includes(name) } };
  if (pathParameters(name).length === 0) return { ...common, files: [{ name, label, file: path, fields }] };
  return {
    ...common,
    label_singular: labelOne,
    ...filing(name),
    identifier_field: fields.find(({ name: field }) => field === 'title' || field === 'name')?.name ?? 'id',
    create: !FIXED.includes(name),
    // What readers may have seen is withdrawn, not deleted; a draft can be thrown away all the same.
    delete: hasRole(who, 'reviewer') && !FIXED.includes(name) && !('withdrawn' in collections[name].schema.shape),
    media_folder: '',
    public_folder: '',
    ...listViewsOf(name, today),
    fields,
  };
}

/** Decap's configuration for somebody, derived from the model. `today` decides which years are offered. */
export function decapConfig(today: Date, who: EditorPosition): DecapConfig {
  return {
    backend: {
      name: 'union',
      proxy_url: '/api/v1',
      branch: 'main',
      commit_messages: {
        create: '新建{{collection}} {{slug}}',
        update: '修改{{collection}} {{slug}}',
        delete: '删除{{collection}} {{slug}}',
      },
    },
    load_config_file: false,
    publish_mode: 'editorial_workflow',
    locale: 'zh_Hans',
    media_folder: '',
    public_folder: '',
    show_preview_links: false,
    logo: { src: '/favicon.svg', show_in_header: true },
    // Decap's page for errors puts this configuration behind an address: by default a stranger's tracker.
    issue_reports: { url: 'about:blank' },
    slug: { encoding: 'ascii', clean_accents: true },
    collections: ORDER.filter((name) => writableBy(who).includes(name)).map((name) => collectionOf(name, today, who)),
  };
}
