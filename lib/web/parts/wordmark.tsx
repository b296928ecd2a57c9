/** The name, with three logs and the line up to which all of them agree. */
export function Wordmark() {
  return (
    <a class="wordmark" href="/" aria-label="Highwater, to the first page">
      <svg width="26" height="22" viewBox="0 0 26 22" aria-hidden="true">
        <g fill="currentColor">
          {[0, 6, 12, 18].map((x) => (
            <rect key={x} x={x} y="1" width="5" height="5" rx="1" opacity={x === 18 ? 0.4 : 1} />
          ))}
          {[0, 6, 12].map((x) => (
            <rect key={x} x={x} y="8" width="5" height="5" rx="1" opacity={x === 12 ? 0.4 : 1} />
          ))}
          {[0, 6].map((x) => (
            <rect key={x} x={x} y="15" width="5" height="5" rx="1" />
          ))}
        </g>
        <path class="wordmark-line" d="M11.5 0v22" stroke-width="1.6" />
      </svg>
      <span>Highwater</span>
    </a>
  );
}
