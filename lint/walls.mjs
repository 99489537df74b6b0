// Rule: a room imports only from rooms that it may import from.
import { dirname, relative, resolve } from 'node:path';

/** Folder of a path in src, and the path below src; undefined outside of it. */
function placeOf(path, root) {
  const [src, room, ...rest] = relative(root, path).split('/');
  return src === 'src' && room !== undefined && rest.length > 0 ? { room, file: [room, ...rest].join('/') } : undefined;
}

/** @type {import('eslint').Rule.RuleModule} */
export const walls = {
  meta: {
    type: 'problem',
    schema: [
      {
        type: 'object',
        properties: {
          /** Rooms, beside its own, that a room's files may import from. */
          may: { type: 'array', items: { type: 'string' } },
          /** Single files of other rooms, by their paths below src. */
          also: { type: 'array', items: { type: 'string' } },
        },
        additionalProperties: false,
      },
    ],
    messages: { barred: 'Room {{room}} must not import from {{other}}: see docs/architecture.md.' },
  },
  create(context) {
    const own = placeOf(context.filename, context.cwd);
    const { may = [], also = [] } = context.options[0] ?? {};
    /** Reports an import of a barred room. */
    function check(source) {
      if (!own || typeof source?.value !== 'string' || !source.value.startsWith('.')) return;
      const target = placeOf(resolve(dirname(context.filename), source.value.replace(/\?.*$/u, '')), context.cwd);
      if (!target || target.room === own.room || may.includes(target.room) || also.includes(target.file)) return;
      context.report({ node: source, messageId: 'barred', data: { room: own.room, other: target.room } });
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
