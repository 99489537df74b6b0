import type { Totals } from '../../model/view-models.ts';

/** Returns the totals of the whole city as numbers with labels, in display order. */
export function cityFigures({ stories, units, volunteers, hours, beneficiaries }: Totals) {
  return [
    { value: stories, label: '篇故事' },
    { value: units, label: '个单位' },
    { value: volunteers, label: '人次参加' },
    { value: hours, label: '小时服务' },
    { value: beneficiaries, label: '人受益' },
  ];
}
