import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "./cli.js";

/** Where the course's lessons and exercises are: this folder, or the nearest one above that has them. */
export function courseFolder(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "notebooks")) && existsSync(join(folder, "exercises"))) return folder;
    if (dirname(folder) === folder)
      throw new UserError(
        `there is no course in ${from} or above it (a folder with notebooks/ and exercises/): run this inside the course's folder`,
      );
  }
}
