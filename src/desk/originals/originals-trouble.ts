import { Refusal } from '../domain/refusal.ts';

/** There is no original of this hash. */
export class OriginalMissing extends Refusal {
  readonly hash: string;

  constructor(hash: string) {
    super(404, '这张照片的原图不见了：存放原图的地方没有它。请把这张照片再传一次，或请管理员从备份恢复。');
    this.hash = hash;
  }
}

/** The stored bytes are not those of this hash, or cannot be read. */
export class OriginalDamaged extends Refusal {
  readonly hash: string;

  constructor(hash: string, cause?: unknown) {
    super(
      500,
      '这张照片的原图损坏了：存着的内容和它的校验不符，所以没有使用。请把这张照片再传一次，或请管理员从备份恢复，并检查磁盘。',
    );
    this.hash = hash;
    this.cause = cause;
  }
}

/** Bytes do not have the hash and size under which they should be stored. */
export class WrongBytes extends Refusal {
  constructor() {
    super(400, '要存的照片和传来的不一样（校验不符），没有保存。请再传一次。');
  }
}

const LATER = '请过几分钟再试；还不行就联系管理员。';

/** What can be wrong with the place where originals are stored, with a status and a sentence for each. */
const TROUBLES = {
  unreachable: [503, `连不上存放原图的服务器，或连接断了，这一步没有做完。${LATER}`],
  stalled: [503, `存放原图的服务器一直没有回应，这一步没有做完。${LATER}`],
  broken: [503, `存放原图的服务器出了故障，这一步没有做完。${LATER}`],
  denied: [
    503,
    '存放原图的服务器不认编辑台的密钥，或这个密钥没有读写的权限，这一步没有做。请联系管理员检查 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY。',
  ],
  clock: [503, '存放原图的服务器拒绝了请求，因为这台服务器的时钟不准，这一步没有做。请联系管理员校准时间。'],
  bucket: [503, '存放原图的存储桶不存在，这一步没有做。请联系管理员检查 ORIGINALS_URL 里存储桶的名称。'],
  address: [
    503,
    '存放原图的服务器说地址或地区不对，这一步没有做。请联系管理员检查 ORIGINALS_URL 里的 endpoint 和 region。',
  ],
  certificate: [
    503,
    '和存放原图的服务器建立不了安全的连接（证书不可信，或它不用 https），这一步没有做。请联系管理员检查证书和 ORIGINALS_URL。',
  ],
  full: [507, '存放原图的空间满了，照片没有保存。文字还可以保存；请联系管理员增加空间，之后再传这张照片。'],
  refused: [503, '存放原图的服务器拒绝了请求，这一步没有做。请联系管理员检查 ORIGINALS_URL 和那台服务器的设置。'],
  unverified: [503, '照片存进去以后核对大小不符，不能算保存了。请再传一次；还不行就联系管理员检查存放原图的服务器。'],
  public: [
    503,
    '存放原图的存储桶谁都能看，原图里有未公开的照片和拍摄地点，所以没有使用。请联系管理员把存储桶改成私有，再重新启动。',
  ],
  versioned: [
    503,
    '存放原图的存储桶开着版本控制，删去的照片还会留在里面，所以没有使用。请联系管理员关掉它的版本控制，再重新启动。',
  ],
  unwritable: [503, '存放原图的文件夹不能读写，这一步没有做。请联系管理员检查数据文件夹的权限和磁盘。'],
  disk: [507, '服务器的磁盘满了，取不出这张照片的原图。原图没有丢；请联系管理员清理磁盘，之后再试。'],
} as const;

export type TroubleKind = keyof typeof TROUBLES;

/** The place where originals are stored does not work. Nothing that was stored is lost, and nothing is stored half. */
export class OriginalsTrouble extends Refusal {
  readonly kind: TroubleKind;

  /** `cause` is for the terminal: what the server or the system said. */
  constructor(kind: TroubleKind, cause?: unknown) {
    const [status, sentence] = TROUBLES[kind];
    super(status, sentence);
    this.kind = kind;
    this.cause = cause;
  }
}
