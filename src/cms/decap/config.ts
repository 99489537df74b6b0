import { collectionMenu, isSingleFile, takesNewEntries } from '../../model/collection-menu.ts';
import { collections } from '../../model/collections/collections.ts';
import { pathParameters } from '../../model/entry-path.ts';
import { decapFieldsOf, type DecapField } from '../../model/decap-fields.ts';
import type { CollectionName } from '../../model/fields/collection-names.ts';
import { hasRole, writableBy, type EditorPosition } from '../../model/roles.ts';
import { wordCollections } from '../../word/fields/form-keys.ts';

/** A collection in Decap's configuration. */
interface DecapCollection {
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

/** The part of Decap's configuration that this editor sets. */
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

/** The collections in which each entry has a page of the site, and so a preview. */
export const PAGED: readonly CollectionName[] = ['stories', 'examples', 'summaries', 'notices', 'units', 'activities'];

/** Returns the name under which the file format of a collection is registered with Decap (entry-format.ts). */
export function formatName(name: CollectionName): string {
  return `union-${name}`;
}

/**
 * Returns where Decap stores the entries of a collection, derived from the path in the model. Slugs are ids, never
 * words of a title.
 */
function locationOf(name: CollectionName): Pick<DecapCollection, 'folder' | 'path' | 'slug' | 'extension'> {
  const [, folder = '', rest = '', extension = ''] = /^([^/]+)\/(.+)\.(\w+)$/u.exec(collections[name].path) ?? [];
  const own = pathParameters(name).at(-1) ?? '';
  // With `fields.`, because Decap would interpret a name such as `year` alone as a part of a date.
  const slug = `{{fields.${own}}}`;
  const path = rest.replace(/\{(\w+)\}/gu, (_, parameter: string) =>
    parameter === own ? '{{slug}}' : `{{${parameter}}}`,
  );
  return { folder, extension, slug, ...(path === '{{slug}}' ? {} : { path }) };
}

/**
 * The field that shows the comments on an entry above the form. It has no value in files: entry-format.ts leaves out
 * fields that begin with `_`.
 */
const COMMENTS: DecapField = { name: '_notes', label: '批注', widget: 'notes', required: false };

/** The field that offers unsaved work above the form. It has no value in files either. */
const UNSAVED: DecapField = { name: '_unsaved', label: '没保存的内容', widget: 'unsaved', required: false };

/** The field that reads Word documents into the form. It has no value in files either. */
const WORD: DecapField = {
  name: '_word',
  label: '从 Word 导入',
  widget: 'word',
  required: false,
  place: 'sheet',
};

function collectionOf(name: CollectionName, editor: EditorPosition): DecapCollection {
  const { label, labelOne, path } = collections[name];
  const isMadeOfWord = wordCollections.some((one) => one === name);
  const fields = [UNSAVED, COMMENTS, ...(isMadeOfWord ? [WORD] : []), ...decapFieldsOf(name)];
  const common = { name, label, format: formatName(name), editor: { preview: PAGED.includes(name) } };
  if (isSingleFile(name)) return { ...common, files: [{ name, label, file: path, fields }] };
  return {
    ...common,
    label_singular: labelOne,
    ...locationOf(name),
    identifier_field: fields.find(({ name: field }) => field === 'title' || field === 'name')?.name ?? 'id',
    create: takesNewEntries(name),
    // Entries of collections that can be withdrawn are not deleted, because readers may have seen them. Drafts can be
    // deleted in any case.
    delete: hasRole(editor, 'reviewer') && takesNewEntries(name) && !('withdrawn' in collections[name].schema.shape),
    media_folder: '',
    public_folder: '',
    fields,
  };
}

/**
 * Returns Decap's configuration for an editor, derived from the model: only collections that the editor may write to.
 */
export function decapConfig(editor: EditorPosition): DecapConfig {
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
    // Decap's error page links to this URL and appends the configuration; the default is Decap's issue tracker.
    issue_reports: { url: 'about:blank' },
    slug: { encoding: 'ascii', clean_accents: true },
    collections: collectionMenu
      .filter((name) => writableBy(editor).includes(name))
      .map((name) => collectionOf(name, editor)),
  };
}
