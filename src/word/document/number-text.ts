// Runs in browser and Node: pure. The numbers of Word's automatic numbering (ST_NumberFormat, ISO/IEC 29500-1, 17.18.59).

const DIGITS = [...'〇一二三四五六七八九'];
const STEMS = [...'甲乙丙丁戊己庚辛壬癸'];
const ROMAN: readonly [value: number, text: string][] = [
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
];

/** Greatest number that is written in other than Arabic digits. A file may start its numbers at two billion. */
const MOST = 399;

/** Returns a number in Chinese, as lists are numbered: 二十一; above 99 digit by digit: 一〇五. */
export function chineseNumber(number: number): string {
  if (number >= 100) return Array.from(String(number), (digit) => DIGITS[Number(digit)] ?? digit).join('');
  const [tens, ones] = [Math.floor(number / 10), number % 10];
  if (tens === 0) return DIGITS[ones] ?? '';
  return `${tens === 1 ? '' : (DIGITS[tens] ?? '')}十${ones === 0 ? '' : (DIGITS[ones] ?? '')}`;
}

/** Returns the letters of a number: a … z, aa, bb … */
function letters(number: number): string {
  return String.fromCharCode(97 + ((number - 1) % 26)).repeat(Math.ceil(number / 26));
}

function roman(number: number): string {
  let [left, text] = [number, ''];
  for (const [value, letter] of ROMAN) {
    for (; left >= value; left -= value) text += letter;
  }
  return text;
}

/** Returns a number in a format of Word. Formats that Chinese documents do not use become Arabic digits. */
export function numberText(format: string, number: number): string {
  if (!Number.isInteger(number) || number < 1 || number > MOST) return String(number);
  switch (format) {
    case 'chineseCounting':
    case 'chineseCountingThousand':
    case 'japaneseCounting':
    case 'taiwaneseCounting':
    case 'taiwaneseCountingThousand':
    case 'ideographDigital':
      return chineseNumber(number);
    case 'decimalEnclosedCircle':
    case 'decimalEnclosedCircleChinese':
      return number <= 20 ? String.fromCodePoint(0x2460 + number - 1) : String(number);
    case 'ideographTraditional':
      return STEMS[(number - 1) % STEMS.length] ?? '';
    case 'lowerLetter':
      return letters(number);
    case 'upperLetter':
      return letters(number).toUpperCase();
    case 'lowerRoman':
      return roman(number);
    case 'upperRoman':
      return roman(number).toUpperCase();
    case 'decimalFullWidth':
      return String(number).replace(/\d/gu, (digit) => String.fromCharCode(0xff10 + Number(digit)));
    case 'decimalZero':
      return String(number).padStart(2, '0');
    default:
      return String(number);
  }
}
