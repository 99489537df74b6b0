/** Pairs of a simplified and a traditional phrase, separated by `|`. */
declare module 'opencc-js/dict/STPhrases' {
  const dictionary: string;
  export default dictionary;
}
