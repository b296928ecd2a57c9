/** Part of every verdict's hash. Kept equal to package.json by a test. */
export const libraryVersion = "0.1.0";
