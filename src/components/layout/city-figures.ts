import type { Totals } from '../../model/answers.ts';

/** A city's figures in the order and words in which they are shown. */
export function cityFigures({ stories, units, volunteers, hours, beneficiaries }: Totals) {
  return [
    { value: stories, label: '篇故事' },
    { value: units, label: '个单位' },
    { value: volunteers, label: '人次参加' },
    { value: hours, label: '小时服务' },
    { value: beneficiaries, label: '人受益' },
  ];
}
