// The Dipper with its fifth star, 玉衡, lit: the handle's first star, by which the others are found. // i18n-ok
const stars: [number, number][] = [
  [372, 96],
  [352, 214],
  [236, 226],
  [196, 132],
  [128, 92],
  [78, 70],
  [18, 92],
];
const dust: [number, number, number][] = [
  [40, 200, 1],
  [90, 300, 1.2],
  [150, 40, 0.8],
  [280, 60, 1],
  [310, 150, 0.7],
  [260, 320, 1.1],
  [330, 290, 0.8],
  [180, 280, 0.7],
  [60, 140, 0.8],
  [220, 30, 0.7],
  [385, 30, 1],
  [20, 330, 0.8],
  [120, 180, 0.6],
  [300, 250, 0.6],
];

export function Dipper({ className }: { className?: string }) {
  return (
    <svg className={className} viewBox="0 0 400 360" preserveAspectRatio="xMidYMid meet" aria-hidden="true">
      <g fill="#fff" opacity="0.35">
        {dust.map(([x, y, r]) => (
          <circle key={`${x}.${y}`} cx={x} cy={y} r={r} />
        ))}
      </g>
      <g transform="translate(44 56) scale(0.8)">
        <path
          d={`M${stars.map((it) => it.join(' ')).join('L')}M${stars[3]?.join(' ')}L${stars[0]?.join(' ')}`}
          fill="none"
          stroke="#fff"
          strokeOpacity="0.28"
          strokeWidth="1.2"
        />
        {stars.map(([x, y], index) =>
          index === 4 ? (
            <g key={x}>
              <circle cx={x} cy={y} r="16" fill="#ffd666" opacity="0.18" />
              <circle cx={x} cy={y} r="6" fill="#ffd666" />
            </g>
          ) : (
            <circle key={x} cx={x} cy={y} r="3" fill="#fff" opacity="0.9" />
          ),
        )}
      </g>
    </svg>
  );
}
