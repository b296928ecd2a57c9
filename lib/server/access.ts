import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Who may talk to the server. On loopback the key is the token in the address that was printed; beyond loopback it is a
 * password. Either is exchanged once for a cookie that scripts cannot read and other sites cannot send.
 */
export interface Access {
  /** `host:port` values a request may carry in its Host header; a name that merely resolves here is refused. */
  readonly hosts: ReadonlySet<string>;
  /** `http://host:port` for each of `hosts`. */
  readonly origins: ReadonlySet<string>;
  readonly cookieName: string;
  readonly cookieValue: string;
  readonly token: string;
  /** Present only when the server listens beyond loopback. */
  readonly password?: string;
}

export interface AccessOptions {
  readonly port: number;
  readonly token: string;
  /** Names and addresses beside the loopback ones under which the server may be reached. */
  readonly extraHosts?: readonly string[];
  readonly password?: string;
}

export function createAccess(options: AccessOptions): Access {
  const names = ["127.0.0.1", "localhost", "[::1]", ...(options.extraHosts ?? [])];
  const hosts = names.map((name) => `${name}:${options.port}`);
  // Browsers leave the port out of Host and Origin when it is 80.
  if (options.port === 80) hosts.push(...names);
  return {
    hosts: new Set(hosts),
    origins: new Set(hosts.map((host) => `http://${host}`)),
    // Cookies do not tell ports apart, so the name does: two servers on one machine do not sign each other out.
    cookieName: `highwater-${options.port}`,
    cookieValue: digest(`cookie ${options.token} ${options.password ?? ""}`),
    token: options.token,
    ...(options.password === undefined ? {} : { password: options.password }),
  };
}

/** Compares without telling by its timing how much of a guess was right. */
export function sameSecret(expected: string, given: string): boolean {
  return timingSafeEqual(Buffer.from(digest(expected)), Buffer.from(digest(given)));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

/**
 * The token kept in the learner's folder, made on the first start. It outlives the process so that an open tab goes on
 * working when the server is started again.
 */
export function loadOrCreateToken(path: string): string {
  if (existsSync(path)) {
    const kept = readFileSync(path, "utf8").trim();
    if (/^[A-Za-z0-9_-]{32,}$/.test(kept)) return kept;
  }
  const token = randomBytes(32).toString("base64url");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${token}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
  return token;
}
