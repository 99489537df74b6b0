declare module 'opencc-js/dict/TSCharacters' {
  /** Pairs of a traditional and its simplified characters, apart by `|`. */
  const dictionary: string;
  export default dictionary;
}
