// Rule: a value in an `html` template of the desk's pages is at a place where escaping makes it safe.

/**
 * Matches HTML that ends within a tag, comment, script or style, but not within an attribute's value in double quotes.
 */
const UNSAFE = /<[/!a-z](?:[^<>"]|"[^"]*")*$|<\/?$|<(?:script|style)\b[^<]*$/u;

/** @type {import('eslint').Rule.RuleModule} */
export const htmlTemplates = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { place: 'A value in a tag must be in double quotes, or made by attributes().' },
  },
  create(context) {
    return {
      'TaggedTemplateExpression[tag.name="html"]'({ quasi }) {
        let before = '';
        quasi.expressions.forEach((value, index) => {
          before += quasi.quasis[index].value.cooked;
          const isAttributes = value.type === 'CallExpression' && value.callee.name === 'attributes';
          if (UNSAFE.test(before) && !isAttributes) context.report({ node: value, messageId: 'place' });
          before += 'value';
        });
      },
    };
  },
};
