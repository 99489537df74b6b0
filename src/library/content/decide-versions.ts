import type { EntryAddress } from '../../model/entry-path.ts';
import type { Fault } from '../../model/fault.ts';
import { sortFindings } from '../../model/photo-faults.ts';
import { referencesOf, type Reference } from '../../model/references.ts';
import { duplicate } from '../../photo/rules/duplicate-rule.ts';
import type { PhotoUse } from './photo-index.ts';
import type { Reading } from './read-entry.ts';
import { photoOf } from './duplicate-photos.ts';
import { dependencyKeyOf, type Version } from './version.ts';

/**
 * The decision on a set of entries: which versions are shown from now on, and the faults because of which other
 * versions are not shown.
 */
export interface AcceptanceResult {
  /** Versions to put into the store. */
  put: Version[];
  /** Entries to remove from the store. */
  remove: EntryAddress[];
  /**
   * All faults by path of the entry's file: faults of a single entry, and faults that appear only when entries are
   * compared.
   */
  faults: Map<string, Fault[]>;
  /** Notes for a reviewer, by path of the entry's file. A remark alone does not prevent a version from being shown. */
  remarks: Map<string, Fault[]>;
}

/** The published entries, as far as the decision needs them. The parameter `dependencyKey` names an entry. */
export interface Accepted {
  /** Returns the published version of an entry; undefined if the entry is not published. */
  version(dependencyKey: string): Version | undefined;
  /** Returns the dependency keys of the published entries that refer to an entry. */
  referrers(dependencyKey: string): Iterable<string>;
  /** Returns the published uses of a photo by its hash, the SHA-256 of its bytes in hexadecimal. */
  usesOf(hash: string): readonly PhotoUse[];
}

/** The state of one entry's file: a reading, or `undefined` if the file does not exist any more. */
export interface Found {
  address: EntryAddress;
  reading: Reading | undefined;
}

/**
 * Decides which of the entries in `found` are shown, by the rules that compare entries with one another. If an entry
 * breaks a rule, its published version stays. If the file of an entry was deleted but other entries refer to the entry,
 * the entry stays published and gets a fault; the fault lists the files of those other entries.
 */
export function acceptEntries(found: readonly Found[], accepted: Accepted): AcceptanceResult {
  const faults = new Map<string, Fault[]>();
  const remarks = new Map<string, Fault[]>();
  const complain = addingTo(faults);
  const remark = addingTo(remarks);
  for (const { reading } of found) {
    reading?.faults.forEach(complain);
    reading?.remarks.forEach(remark);
  }

  const chosen = chooseUnique(found, accepted, complain);
  const gone = goneEntries(found, chosen, accepted);
  refuseCopies(found, chosen, gone, accepted, complain, remark);
  settleReferences(chosen, gone, accepted, complain);
  for (const { address, reading } of found) {
    for (const reference of reading?.references ?? []) {
      const target = dependencyKeyOf({ collection: reference.to, key: reference.key });
      const there = chosen.has(target) || (accepted.version(target) !== undefined && !gone.has(target));
      if (reference.key !== '' && !there) complain(missingTarget(address.file, reference));
    }
  }
  return { put: [...chosen.values()], remove: [...gone.values()], faults, remarks };
}

function addingTo(lists: Map<string, Fault[]>): (fault: Fault) => void {
  return (fault) => {
    const of = lists.get(fault.file);
    if (of) of.push(fault);
    else lists.set(fault.file, [fault]);
  };
}

/**
 * Chooses one version for each entry and returns the chosen versions by dependency key. If two files have the same key,
 * the file that is already published is chosen. If neither is published, the file whose path sorts first is chosen. The
 * other file gets a fault.
 */
function chooseUnique(
  found: readonly Found[],
  accepted: Accepted,
  complain: (fault: Fault) => void,
): Map<string, Version> {
  const chosen = new Map<string, Version>();
  const vanished = new Set(found.flatMap(({ address, reading }) => (reading ? [] : [address.file])));
  const byPath = [...found].sort((one, other) => (one.address.file < other.address.file ? -1 : 1));
  for (const { address, reading } of byPath) {
    const version = reading?.version;
    if (!version) continue;
    const dependencyKey = dependencyKeyOf(address);
    const shown = accepted.version(dependencyKey);
    const shownElsewhere = shown && shown.address.file !== address.file && !vanished.has(shown.address.file);
    const rival = shownElsewhere ? shown : chosen.get(dependencyKey);
    if (rival) {
      complain({
        file: address.file,
        field: 'id',
        label: '编号',
        what: `编号与 ${rival.address.file} 重复`,
        remedy: '两个文件只能留一个；确是另一篇稿件，请换一个编号。',
      });
    } else chosen.set(dependencyKey, version);
  }
  return chosen;
}

/**
 * Finds photos that are used twice, and deletes the versions with such photos from `chosen`. If another entry already
 * shows a photo, the version that adds the photo is deleted. If two new entries have the same photo, the version whose
 * path sorts second is deleted. A version is also deleted if it has the same photo twice, under two file names. If a
 * reviewer has exempted the photo, the version stays and gets a remark instead of a fault. Photos of entries that other
 * rules have refused are compared too, so that all faults are reported at once.
 */
function refuseCopies(
  found: readonly Found[],
  chosen: Map<string, Version>,
  gone: ReadonlyMap<string, EntryAddress>,
  accepted: Accepted,
  complain: (fault: Fault) => void,
  remark: (fault: Fault) => void,
): void {
  const arriving = new Map<string, Version[]>();
  for (const version of chosen.values()) {
    for (const { hash } of version.photos) arriving.set(hash, [...(arriving.get(hash) ?? []), version]);
  }
  for (const { address, reading } of found) {
    const own = dependencyKeyOf(address);
    for (const photo of reading?.photos ?? []) {
      const { hash } = photo;
      const publishedUse = accepted
        .usesOf(hash)
        .find(({ dependencyKey }) => dependencyKey !== own && !gone.has(dependencyKey) && !chosen.has(dependencyKey));
      const before = (version: Version): boolean => {
        const dependencyKey = dependencyKeyOf(version.address);
        if (dependencyKey === own) return false;
        return (
          version.address.file < address.file ||
          accepted.usesOf(hash).some((use) => use.dependencyKey === dependencyKey)
        );
      };
      const rival = publishedUse ? accepted.version(publishedUse.dependencyKey) : arriving.get(hash)?.find(before);
      // rules.ts already reports that an entry names the same file twice.
      const earlier = reading?.photos.find(
        ({ index, src, ...other }) => other.hash === hash && index < photo.index && src !== photo.src,
      );
      const copy = rival ? duplicate(photoOf(rival)) : earlier && duplicate(`本篇第 ${earlier.index + 1} 张`);
      if (!copy) continue;
      const { faults, remarks } = sortFindings(address.file, photo.index, [copy], photo.exemption, photo.shown);
      faults.forEach(complain);
      remarks.forEach(remark);
      if (faults.length > 0) chosen.delete(own);
    }
  }
}

/**
 * Returns the published entries that were deleted, by dependency key: the file of the entry is gone, and no other file
 * has the entry's key.
 */
function goneEntries(
  found: readonly Found[],
  chosen: ReadonlyMap<string, Version>,
  accepted: Accepted,
): Map<string, EntryAddress> {
  const gone = new Map<string, EntryAddress>();
  for (const { address, reading } of found) {
    const dependencyKey = dependencyKeyOf(address);
    if (!reading && !chosen.has(dependencyKey) && accepted.version(dependencyKey)?.address.file === address.file)
      gone.set(dependencyKey, address);
  }
  return gone;
}

/**
 * Makes sure that every entry to which a shown entry refers is shown too. If a target is not shown, deletes the
 * referring version from `chosen`. If a target would be removed, deletes its removal from `gone`, so that the target
 * stays. Each deletion can break other references, so the loop repeats until a round deletes nothing.
 */
function settleReferences(
  chosen: Map<string, Version>,
  gone: Map<string, EntryAddress>,
  accepted: Accepted,
  complain: (fault: Fault) => void,
): void {
  const shown = (dependencyKey: string): Version | undefined =>
    chosen.get(dependencyKey) ?? (gone.has(dependencyKey) ? undefined : accepted.version(dependencyKey));
  for (let settled = false; !settled;) {
    settled = true;
    for (const [dependencyKey, address] of gone) {
      const referrers = [...accepted.referrers(dependencyKey), ...chosen.keys()].filter((other) => {
        const version = shown(other);
        return version !== undefined && refersTo(version, dependencyKey);
      });
      if (referrers.length === 0) continue;
      const files = [...new Set(referrers.map((other) => shown(other)?.address.file ?? other))];
      complain({
        file: address.file,
        field: '',
        label: '',
        what: `文件已删去，但还有 ${files.length} 处引用它：${files.slice(0, 5).join('、')}${files.length > 5 ? ' 等' : ''}`,
        remedy: '请先改掉这些引用；在此之前网站保留它原来的内容。',
      });
      gone.delete(dependencyKey);
      settled = false;
    }
    for (const [dependencyKey, version] of chosen) {
      const missing = referencesOf(version.entry).filter(({ to, key }) => {
        const target = dependencyKeyOf({ collection: to, key });
        return target !== dependencyKey && shown(target) === undefined && !gone.has(target);
      });
      if (missing.length === 0) continue;
      for (const reference of missing) complain(missingTarget(version.address.file, reference));
      chosen.delete(dependencyKey);
      settled = false;
    }
  }
}

function refersTo(version: Version, dependencyKey: string): boolean {
  return referencesOf(version.entry).some(({ to, key }) => dependencyKeyOf({ collection: to, key }) === dependencyKey);
}

function missingTarget(file: string, { field, label, key }: Reference): Fault {
  const remedy = '请重新选一个；若那一篇自己有误，请先改正它。';
  return { file, field, label, what: `${label}“${key}”不存在`, remedy };
}
