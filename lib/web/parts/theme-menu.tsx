import { signal } from "@preact/signals";
import { ContrastIcon } from "./icons.js";
import { Menu } from "./menu.js";

type Scheme = "auto" | "light" | "dark";

const root = document.documentElement;
const scheme = signal<Scheme>((root.dataset.scheme as Scheme | undefined) ?? "auto"); // set by the server from the cookie
const isHighContrast = signal(root.dataset.contrast === "more");

const schemes: readonly { value: Scheme; label: string }[] = [
  { value: "auto", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** Light, dark, contrast. Kept in a cookie so that the server sends the page in the right colours at once. */
export function ThemeMenu() {
  return (
    <Menu label="Colours" icon={<ContrastIcon />} align="end">
      <fieldset class="menu-choices">
        <legend>Colours</legend>
        {schemes.map(({ value, label }) => (
          <label key={value}>
            <input
              type="radio"
              name="scheme"
              checked={scheme.value === value}
              onChange={() => choose(value, isHighContrast.value)}
            />
            {label}
          </label>
        ))}
        <label>
          <input
            type="checkbox"
            checked={isHighContrast.value}
            onChange={(event) => choose(scheme.value, event.currentTarget.checked)}
          />
          High contrast
        </label>
      </fieldset>
    </Menu>
  );
}

function choose(nextScheme: Scheme, highContrast: boolean): void {
  scheme.value = nextScheme;
  isHighContrast.value = highContrast;
  root.dataset.scheme = nextScheme;
  root.dataset.contrast = highContrast ? "more" : "auto";
  const value = `${nextScheme}.${root.dataset.contrast}`;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
  document.cookie = `highwater-looks=${value}; Path=/; Max-Age=31536000; SameSite=Strict`;
  document.dispatchEvent(new Event("highwater-looks"));
}

/** Whether dark colours are showing now, by choice or by the system. */
export function isDark(): boolean {
  if (scheme.value !== "auto") return scheme.value === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}
