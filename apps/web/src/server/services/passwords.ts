import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { AppError } from "@vpclab/shared/errors/app-error";

/** scrypt: 2^logN × r × 128 bytes of memory for each hash. */
export interface PasswordCost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}
/** OWASP Password Storage Cheat Sheet: 128 MiB, 0.4 s. */
export const STANDARD_COST: PasswordCost = { logN: 17, r: 8, p: 1 };

/** Each takes 128 MiB and a core. */
const HASHES_AT_ONCE = 4;
const WAITING_MAX = 200;
const HASH_BYTES = 32;
const STORED = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9_-]{22})\$([A-Za-z0-9_-]{43})$/;

/** Makes and checks password hashes, a few at once. */
export class Passwords {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly cost: PasswordCost = STANDARD_COST) {}

  /** `scrypt$logN$r$p$salt$hash`, the last two base64url. */
  hash(password: string): Promise<string> {
    return this.inTurn(async () => {
      const { logN, r, p } = this.cost;
      const salt = randomBytes(16);
      const hash = await derive(password, salt, this.cost);
      return ["scrypt", logN, r, p, salt.toString("base64url"), hash.toString("base64url")].join("$");
    });
  }

  /** Only `inTurn`. Takes the same work when there is no hash to compare with. */
  async check(password: string, stored: string | null): Promise<boolean> {
    const [, logN, r, p, salt = "", hash = ""] = STORED.exec(stored ?? "") ?? [];
    if (logN === undefined) {
      await derive(password, randomBytes(16), this.cost);
      return false;
    }
    const found = await derive(password, Buffer.from(salt, "base64url"), { logN: Number(logN), r: Number(r), p: Number(p) });
    return timingSafeEqual(found, Buffer.from(hash, "base64url"));
  }

  /** Runs `work` when it is its turn. Throws RATE_LIMITED when too many wait already. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= HASHES_AT_ONCE) {
      if (this.#waiting.length >= WAITING_MAX) throw new AppError("RATE_LIMITED", "Too many people sign in at this moment. Try again in a few seconds.");
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}

/**
 * The same characters give the same bytes, however the keyboard composes them. The closing byte is there because HMAC (RFC 2104),
 * which scrypt begins with, fills a short key up with zeros: without it, a password would be the same with NULs at its end.
 */
function derive(password: string, salt: Buffer, { logN, r, p }: PasswordCost): Promise<Buffer> {
  const options = { N: 2 ** logN, r, p, maxmem: 256 * 2 ** logN * r };
  return new Promise((resolve, reject) =>
    scrypt(`${password.normalize("NFKC")}\u0001`, salt, HASH_BYTES, options, (error, hash) => (error ? reject(error) : resolve(hash))));
}
