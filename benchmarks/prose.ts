// Random Chinese prose, realistic enough that Markdown, search and line breaking have real work to do.

/** A source of random choices. */
export interface Chance {
  /** Returns an integer from `from` to `to`, both included. */
  whole(from: number, to: number): number;
  /**
   * Returns one of some things.
   * @throws Error if there are none.
   */
  one<Thing>(things: readonly Thing[]): Thing;
}

/** Returns a source of random choices (mulberry32): the same seed always gives the same choices. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    whole,
    one(things) {
      const [chosen] = things.slice(whole(0, things.length - 1));
      if (chosen === undefined) throw new Error('Nothing to choose from.');
      return chosen;
    },
  };
}

const PEOPLE = [
  '老乔',
  '小顾',
  '孟师傅',
  '退休的李老师',
  '值班的护士',
  '车间的班长',
  '社区的网格员',
  '看泵房的老丁',
  '跑夜车的老赵',
  '刚入会的年轻人',
  '食堂的王姐',
  '一位不肯留名的大姐',
];
const TIMES = [
  '早上7点',
  '天刚亮',
  '中午歇工的时候',
  '下了夜班',
  '傍晚6点半',
  '雨停以后',
  '第二天一早',
  '周末',
  '开春的头一个集日',
  '入冬前',
];
const PLACES = [
  '在职工之家门口',
  '到村口的老槐树下',
  '在厂区的东门',
  '沿着河堤',
  '在一楼的活动室',
  '到困难职工家里',
  '在街边的咨询点',
  '到学校的操场上',
  '在临时搭起的台子旁',
  '到医院的歇脚屋',
];
const ACTIONS = [
  '把登记本翻到新的一页',
  '先烧上一壶水',
  '挨家问了一遍缺什么',
  '把漏雨的屋檐补好',
  '教大家看懂工资条',
  '量了血压又记下药名',
  '帮着把春联写完',
  '将旧书按年级分开',
  '给路灯换了新的灯泡',
  '把棉被晒了又收',
  '替人写好一份申请',
  '陪老人说了半晌的话',
];
const RESULTS = [
  '谁也没有催谁',
  '第二回来的人就多了',
  '事情这才算有了着落',
  '走的时候天已经黑透',
  '这一条后来写进了规矩',
  '只说了一句“在就好”',
  '队伍里又添了三个人',
  '本子上记下的只有时间和地点',
  '大家都笑了',
  '下个月还照这样办',
];
const TITLES = [
  '一壶水',
  '三把椅子',
  '那盏灯',
  '第二趟',
  '半天的路',
  '一本旧账',
  '两副手套',
  '门后的豆子',
  '没有寄出的信',
  '最后一站',
  '一碗热粥',
  '头一个电话',
];

/** Returns one sentence of 22 to 52 characters. */
export function sentence(chance: Chance): string {
  const { one } = chance;
  return `${one(TIMES)}，${one(PEOPLE)}${one(PLACES)}${one(ACTIONS)}，${one(RESULTS)}。`;
}

/** Returns a title, which need not be unique. */
export function title(chance: Chance): string {
  return `${chance.one(PEOPLE)}和${chance.one(TITLES)}`;
}

/**
 * Returns a Markdown body of at least `length` characters, longer by at most one block: paragraphs, sometimes a list or
 * a quotation.
 */
export function prose(chance: Chance, length: number): string {
  const blocks: string[] = [];
  for (let written = 0; written < length;) {
    const sentences = Array.from({ length: chance.whole(2, 5) }, () => sentence(chance));
    const kind = chance.whole(1, 8);
    const block =
      kind === 1
        ? sentences.map((item) => `- ${item}`).join('\n')
        : kind === 2
          ? `> ${sentences.join('')}`
          : sentences.join('');
    blocks.push(block);
    written += sentences.join('').length;
  }
  return blocks.join('\n\n');
}
