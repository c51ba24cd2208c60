"use strict";
// Draws the board's charts from the figures the page carries. The table beside each chart has the same numbers, so a
// page without this script lacks nothing but the bars.
(() => {
  const source = document.getElementById("charts");
  if (!source || !window.echarts) return;
  const charts = JSON.parse(source.textContent);
  const font = getComputedStyle(document.body).fontFamily;
  const ink = "#38424d", grey = "#9aa5b1", line = "#dfe3e8";

  // A colour and a hatching each, so that neither has to be told from the other by colour.
  const hatch = (rotation, size = 6) => ({ symbol: "rect", dashArrayX: [1, 0], dashArrayY: [1, size], rotation, color: "rgba(255,255,255,.55)" });
  const looks = {
    late: { color: "#b42318" },
    soon: { color: "#e59a4d", decal: hatch(Math.PI / 4, 4) },
    rest: { color: "#8fb3d9" },
    this: { color: "#0b66c3" },
    last: { color: "#9db7d4", decal: hatch(-Math.PI / 4, 4) },
    few: { color: grey, decal: hatch(0, 3) },
  };

  const bar = (point, look) => ({
    value: point.value,
    link: point.link,
    text: point.label,
    itemStyle: looks[point.few ? "few" : look],
    label: { formatter: point.label, color: look === "late" ? "#fff" : point.few ? "#52606d" : ink },
  });

  const options = ({ names, series, stacked, percent }) => ({
    animation: false,
    textStyle: { fontFamily: font },
    grid: { left: 8, right: percent ? 96 : 24, top: 36, bottom: 4, containLabel: true },
    legend: {
      top: 4, left: 8, itemWidth: 18, itemHeight: 12, textStyle: { color: ink, fontFamily: font },
      data: series.map(({ name, look }) => ({ name, itemStyle: looks[look] })),
    },
    tooltip: {
      trigger: "axis", axisPointer: { type: "shadow" }, confine: true,
      valueFormatter: (value) => (percent ? `${value}%` : value),
      ...(percent && {
        formatter: (points) => [points[0].name, ...points.map((p) => `${p.seriesName}: ${p.data.text}`)].map(escape).join("<br>"),
      }),
    },
    xAxis: { type: "value", max: percent ? 100 : null, minInterval: 1, axisLabel: { formatter: percent ? "{value}%" : "{value}", color: "#52606d", hideOverlap: true }, splitLine: { lineStyle: { color: line } } },
    yAxis: { type: "category", data: names, inverse: true, axisTick: { show: false }, axisLine: { lineStyle: { color: line } }, axisLabel: { color: ink, width: 96, overflow: "truncate", interval: 0 } },
    series: series.map(({ name, look, points }) => ({
      type: "bar", name, stack: stacked ? "all" : null, barMaxWidth: stacked ? 18 : 11, barGap: "10%",
      cursor: "pointer", itemStyle: looks[look],
      label: { show: true, position: stacked ? "inside" : "right", fontSize: 11, ...(look === "soon" && { backgroundColor: "#fff", padding: [0, 3], borderRadius: 2 }) },
      data: points.map((point) => bar(point, look)),
    })),
  });

  const escape = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

  const drawn = [...document.querySelectorAll("[data-chart]")].map((place) => {
    const figures = charts[place.dataset.chart];
    place.style.height = `${52 + figures.names.length * (figures.stacked ? 30 : 34)}px`;
    const chart = window.echarts.init(place, null, { renderer: "svg" });
    chart.setOption(options(figures));
    chart.on("click", ({ data }) => { if (data && data.link) window.location.assign(data.link); });
    return chart;
  });
  window.addEventListener("resize", () => drawn.forEach((chart) => chart.resize()));
})();
