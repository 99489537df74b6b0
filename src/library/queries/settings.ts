import { z } from 'zod';
import type { SiteView } from '../../model/view-models.ts';
import { noticeLimits } from '../../model/rules.ts';
import { query } from './query.ts';

/** Settings used while the site has no published settings. */
const bareSite: Omit<SiteView, 'origin'> = {
  name: '和你在一起',
  motto: '奉献 友爱 互助 进步',
  organiser: '工会',
  contact: { phone: '12351', email: 'withyou@example.org' },
  sample: false,
  selfApproval: false,
  reporting: [],
  ...noticeLimits,
};

export const site = query(
  'site',
  z.tuple([]),
  (view): SiteView => {
    const version = view.entry('site', '');
    const settings = version?.entry.collection === 'site' ? version.entry.data : bareSite;
    return { ...settings, origin: view.origin };
  },
  { keep: true },
);
