import { Transform, type Readable } from 'node:stream';
import { BACKGROUND, GitError, type Git } from '../storage/git.ts';
import { PACKING } from './backup-state.ts';

/**
 * Sends objects of a repository as a pack to another git process. Resolves to the number of bytes of the pack.
 * @param revisions lines for `git pack-objects --revs`: ids of objects, and `^` before ids that the receiver has
 * @param thin whether the pack may refer to objects that the receiver has
 * @param receive function that runs `git index-pack --stdin` with the pack as its input
 * @throws GitError of the sending or the receiving process.
 */
export async function transferPack(
  source: Git,
  revisions: string,
  thin: boolean,
  receive: (pack: () => Readable) => Promise<unknown>,
): Promise<number> {
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const options = ['--revs', ...(thin ? ['--thin'] : []), '-q', '--delta-base-offset', '--stdout'];
  const [sent, received] = await Promise.allSettled([
    source.run([...PACKING, 'pack-objects', ...options], {
      input: revisions,
      output: () => stream,
      niceness: BACKGROUND,
    }),
    receive(() => stream),
  ]);
  // index-pack has compared the pack with the checksum at its end. It may end and close the stream before pack-objects
  // has ended, which pack-objects then reports as an error.
  if (received.status === 'fulfilled') return bytes;
  throw sent.status === 'rejected' && sent.reason instanceof GitError ? sent.reason : received.reason;
}
