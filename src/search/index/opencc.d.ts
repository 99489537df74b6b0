/** Pairs of a traditional character and its simplified characters, separated by `|`. */
declare module 'opencc-js/dict/TSCharacters' {
  const dictionary: string;
  export default dictionary;
}

/** Pairs of a simplified character and its traditional characters, separated by `|`. */
declare module 'opencc-js/dict/STCharacters' {
  const dictionary: string;
  export default dictionary;
}
