/** Pairs of simplified and traditional phrases, separated by `|`. */
declare module 'opencc-js/dict/STPhrases' {
  const dictionary: string;
  export default dictionary;
}
