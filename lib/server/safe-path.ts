import { realpathSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";

/**
 * Resolves a path given from outside to a file inside `folder`, or `undefined` when it points elsewhere: by `..`, by an
 * absolute path, by a NUL byte, or by a symbolic link that leads out. The file must exist.
 */
export function existingPathInside(folder: string, path: string): string | undefined {
  if (path.includes("\0") || isAbsolute(path)) return undefined;
  try {
    const root = realpathSync(folder);
    const target = realpathSync(resolve(root, path));
    return isInside(root, target) ? target : undefined;
  } catch {
    return undefined;
  }
}

function isInside(root: string, target: string): boolean {
  const way = relative(root, target);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
