// Rule: a folder of src imports only from the folders that its options allow.
import { dirname, relative, resolve } from 'node:path';

/** Returns the folder of src that contains a file, and the file's path below src. Returns undefined for other files. */
function placeOf(path, root) {
  const [src, folder, ...rest] = relative(root, path).split('/');
  return src === 'src' && folder !== undefined && rest.length > 0
    ? { folder, file: [folder, ...rest].join('/') }
    : undefined;
}

/** @type {import('eslint').Rule.RuleModule} */
export const walls = {
  meta: {
    type: 'problem',
    schema: [
      {
        type: 'object',
        properties: {
          /** Folders of src from which the files may import, in addition to the folder that contains them. */
          allowed: { type: 'array', items: { type: 'string' } },
          /** Single files of other folders from which the files may import, as paths below src. */
          allowedFiles: { type: 'array', items: { type: 'string' } },
        },
        additionalProperties: false,
      },
    ],
    messages: { forbidden: 'src/{{folder}} must not import from src/{{other}}: see docs/architecture.md.' },
  },
  create(context) {
    const own = placeOf(context.filename, context.cwd);
    const { allowed = [], allowedFiles = [] } = context.options[0] ?? {};
    /** Reports an import from a folder or file that is not allowed. */
    function check(source) {
      if (!own || typeof source?.value !== 'string' || !source.value.startsWith('.')) return;
      const target = placeOf(resolve(dirname(context.filename), source.value.replace(/\?.*$/u, '')), context.cwd);
      if (
        !target ||
        target.folder === own.folder ||
        allowed.includes(target.folder) ||
        allowedFiles.includes(target.file)
      )
        return;
      context.report({ node: source, messageId: 'forbidden', data: { folder: own.folder, other: target.folder } });
    }
    return {
      ImportDeclaration: ({ source }) => check(source),
      ImportExpression: ({ source }) => check(source),
      ExportNamedDeclaration: ({ source }) => check(source),
      ExportAllDeclaration: ({ source }) => check(source),
      TSImportType: ({ source, argument }) => check(source ?? argument?.literal),
    };
  },
};
