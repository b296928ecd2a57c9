import { findCourse } from "../exercise/store-course.js";
import { UserError } from "./cli.js";

/** Where the course's lessons and exercises are, seen from a folder in it. */
export function courseFolder(from: string): string {
  const found = findCourse(from);
  if (found !== null) return found;
  throw new UserError(
    `there is no course in ${from} or above it (a folder with notebooks/ and exercises/): run this inside the course's folder`,
  );
}
