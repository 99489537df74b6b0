// Rule: comments do not contain the words below, which are not plain English (see CONTRIBUTING.md).

/** Forbidden words and phrases, each with what to write instead. */
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
  ['hear', 'receive'],
  ['heard', 'received'],
  ['told', 'receives, knows, or is shown'],
  ['upon', 'on'],
  ['whence', 'from where'],
  ['wherein', 'in which'],
  ['albeit', 'although'],
  ['save for', 'except'],
  ['such that', 'so that'],
  ['in the place of', 'instead of'],
  ['all the same', 'anyway'],
  ['now and then', 'how often, or sometimes'],
  ['by and by', 'later'],
  ['once more', 'again'],
  ['the very same', 'the same'],
  ['in force', 'applied, or valid'],
  ['brings along', 'loads, or contains'],
  ['brought along', 'loaded, or contained'],
  ['fared', 'ended'],
  ['is let go', 'is deleted, or closed'],
  ['are let go', 'are deleted, or closed'],
  ['is taken apart', 'is parsed, or split'],
  ['are taken apart', 'are parsed, or split'],
  ['shelf', 'store'],
  ['kinship', 'related stories'],
  ['workshop', 'worker pool'],
  ['drawing room', 'worker'],
  ['fulfil', 'run'],
  ['fulfils', 'runs'],
  ['lent', 'passed'],
  ['lends', 'passes'],
  ['take apart', 'parse'],
  ['takes apart', 'parses'],
  ['taken apart', 'parsed'],
  ['whereof', 'of which'],
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
