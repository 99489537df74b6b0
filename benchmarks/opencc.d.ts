/** Pairs of simplified and traditional phrases, apart by `|`. */
declare module 'opencc-js/dict/STPhrases' {
  const dictionary: string;
  export default dictionary;
}
