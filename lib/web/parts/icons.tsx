import type { ComponentChildren } from "preact";

/** Small drawings in the colour of the text around them. They say nothing themselves: the word is beside or in a label. */
function Icon({ children, size = 16 }: { children: ComponentChildren; size?: number }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const PlayIcon = () => (
  <Icon>
    <path d="M5 3.2v9.6L12.6 8z" />
  </Icon>
);
export const FreshIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="3.6" fill="currentColor" stroke="none" />
  </Icon>
);
export const StaleIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="4.2" stroke-dasharray="2.1 2.3" stroke-linecap="butt" />
  </Icon>
);
export const PauseIcon = () => (
  <Icon>
    <path d="M5.6 3.6v8.8M10.4 3.6v8.8" stroke-width="2.2" />
  </Icon>
);
export const CrossIcon = () => (
  <Icon>
    <path d="M4.2 4.2l7.6 7.6M11.8 4.2l-7.6 7.6" stroke-width="1.8" />
  </Icon>
);
export const TickIcon = () => (
  <Icon>
    <path d="M3 8.6l3.4 3.6L13 4.4" stroke-width="1.8" />
  </Icon>
);
export const HalfIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="4.4" />
    <path d="M8 3.6a4.4 4.4 0 0 1 0 8.8z" fill="currentColor" stroke="none" />
  </Icon>
);
export const RingIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="4.4" />
  </Icon>
);
export const QuestionIcon = () => (
  <Icon>
    <path d="M5.6 5.8a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.2.9-1.2 1.8" />
    <circle cx="8" cy="12.6" r=".5" fill="currentColor" />
  </Icon>
);
export const StopIcon = () => (
  <Icon>
    <rect x="4" y="4" width="8" height="8" rx="1" />
  </Icon>
);
export const RestartIcon = () => (
  <Icon>
    <path d="M13 8a5 5 0 1 1-1.6-3.7M13 2.6v2.8h-2.8" />
  </Icon>
);
export const RunAllIcon = () => (
  <Icon>
    <path d="M2.6 3.8v8.4L8 8zM8.4 3.8v8.4L13.8 8z" />
  </Icon>
);
export const SearchIcon = () => (
  <Icon>
    <circle cx="7" cy="7" r="4" />
    <path d="M10 10l3.4 3.4" />
  </Icon>
);
export const MoreIcon = () => (
  <Icon>
    <circle cx="3.5" cy="8" r="1" fill="currentColor" stroke="none" />
    <circle cx="8" cy="8" r="1" fill="currentColor" stroke="none" />
    <circle cx="12.5" cy="8" r="1" fill="currentColor" stroke="none" />
  </Icon>
);
export const ContrastIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="5" />
    <path d="M8 3a5 5 0 0 1 0 10z" fill="currentColor" stroke="none" />
  </Icon>
);
export const CopyIcon = () => (
  <Icon>
    <rect x="5.5" y="5.5" width="7.5" height="7.5" rx="1" />
    <path d="M10.5 3H4a1 1 0 0 0-1 1v6.5" />
  </Icon>
);
