import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { jsonSchemas } from "../../lib/exercise/json-schemas.js";
import { libraryVersion } from "../../lib/exercise/library-version.js";

const file = (name: string): URL => new URL(`../../lib/schema/${name}.schema.json`, import.meta.url);

/** `UPDATE_SCHEMAS=1 npx vitest run test/exercise/json-schemas.test.ts` writes them anew. */
it.each(Object.entries(jsonSchemas()))("lib/schema/%s.schema.json says what is accepted", (name, schema) => {
  if (process.env.UPDATE_SCHEMAS === "1") writeFileSync(file(name), schema);
  expect(JSON.parse(readFileSync(file(name), "utf8"))).toEqual(JSON.parse(schema));
});

it("the version in a verdict's hash is the package's", () => {
  const { version } = JSON.parse(readFileSync(new URL("../../lib/package.json", import.meta.url), "utf8"));
  expect(libraryVersion).toBe(version);
});
