import type { OriginalsPlace } from '../../desk/originals/open-originals.ts';
import { parseS3Address } from '../../desk/originals/s3-address.ts';
import { CommandRefusal } from './settings.ts';

const FORM =
  's3://存储桶/前缀?endpoint=https://服务器&region=地区（前缀和 region 可以不写；服务器要求把存储桶写在服务器名前面的，如阿里云 OSS，后面再加 &addressing=host，这时存储桶名里不能有点；endpoint 要用 https，只有这台机器上的服务器可以用 http）';

/**
 * Returns where originals are stored according to ORIGINALS_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
 * AWS_SESSION_TOKEN; undefined, which means the data folder, if ORIGINALS_URL is not set.
 * @throws CommandRefusal if the address is wrong or a key is missing.
 */
export function originalsPlace(environment: Readonly<NodeJS.ProcessEnv> = process.env): OriginalsPlace {
  const value = environment['ORIGINALS_URL'];
  if (value === undefined || value === '') return undefined;
  const address = parseS3Address(value);
  if (!address) {
    // A key that was written into the address is not repeated.
    const wrong = value.includes('@') ? '不对' : `写的是“${value}”`;
    throw new CommandRefusal(
      `ORIGINALS_URL ${wrong}，应是 ${FORM}。密钥不写在里面，用 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY。`,
    );
  }
  const id = environment['AWS_ACCESS_KEY_ID'] || undefined;
  const secret = environment['AWS_SECRET_ACCESS_KEY'] || undefined;
  if (id === undefined || secret === undefined) {
    throw new CommandRefusal(
      '设了 ORIGINALS_URL，但没有密钥：请用 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY 给出能读写这个存储桶的密钥。',
    );
  }
  return { address, key: { id, secret, token: environment['AWS_SESSION_TOKEN'] || undefined } };
}
