// Rule: comments are plain English. The words are those that made readers stop: see CONTRIBUTING.md.

/** What is not written, and what is written in its place. */
const WORDS = new Map([
  ['whoever', 'who, or the noun'],
  ['whosoever', 'who, or the noun'],
  ['whom', 'the noun'],
  ['whomever', 'the noun'],
  ['anew', 'again'],
  ['hears', 'receives'],
  ['is told', 'receives, or is shown'],
  ['are told', 'receive, or are shown'],
  ['is meant by', 'means'],
  ['besides', 'also'],
  ['heed', 'follow'],
  ['heeds', 'follows'],
  ['heeded', 'followed'],
  ['deed', 'action'],
  ['deeds', 'actions'],
  ['thereof', 'of it'],
  ['therein', 'in it'],
  ['thereby', 'so'],
  ['hence', 'so'],
  ['thus', 'so'],
  ['hitherto', 'until now'],
  ['lest', 'so that … not'],
  ['nought', 'nothing'],
  ['ere', 'before'],
  ['kin', 'related stories'],
  ['owed', 'pending'],
  ['stand-in', 'placeholder'],
  ['aught', 'anything'],
  ['betimes', 'early'],
  ['upkeep', 'maintenance'],
  ['told', 'reported, or shown'],
  ['taken apart', 'parsed, or split'],
  ['take apart', 'parse, or split'],
  ['let go', 'deleted, or released'],
  ['by chance', 'random, or randomly'],
  ['for good', 'permanently'],
  ['spoilt', 'damaged, or invalid'],
  ['swept away', 'removed'],
  ['in vain', 'without a result'],
  ['milliard', 'billion'],
]);

const PATTERN = new RegExp(`(?<![\\w-])(?:${[...WORDS.keys()].join('|')})(?![\\w-])`, 'giu');

/** @type {import('eslint').Rule.RuleModule} */
export const plainEnglish = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { word: '“{{word}}” is not plain English here: say {{instead}}.' },
  },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          for (const [word] of comment.value.matchAll(PATTERN)) {
            const instead = WORDS.get(word.toLowerCase()) ?? '';
            context.report({ loc: comment.loc, messageId: 'word', data: { word, instead } });
          }
        }
      },
    };
  },
};
