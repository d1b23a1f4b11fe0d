// Charts of the home page: fetched once the page has loaded, drawn by Unfold's Chart.js, and redrawn when the theme changes.

const LIGHT = ["#1d4fa8", "#d9822b", "#2f8f5b", "#8a4fbf", "#c2415a", "#0e8fa3", "#9a7b1e", "#5b6b7f", "#b0569e", "#3b3f8f", "#6b8e23", "#7a4a2b"];
const DARK = ["#7fa9f5", "#f0a65a", "#6fcf97", "#c19cf0", "#f28b9e", "#5fd0e0", "#e0c15a", "#a9b7c8", "#e39ad3", "#9a9ef0", "#b5d46a", "#d0a080"];
const drawn = [];

const isDark = () => document.documentElement.classList.contains("dark");
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function draw(canvas) {
    const { labels, series, shares } = JSON.parse(document.getElementById(canvas.dataset.chart).textContent);
    const colours = isDark() ? DARK : LIGHT;
    const quiet = colour(isDark() ? "--color-base-400" : "--color-base-600");
    const line = colour(isDark() ? "--color-base-800" : "--color-base-200");
    const sums = labels.map((_, at) => series.reduce((sum, one) => sum + one.data[at], 0) || 1);
    const ticks = { color: quiet, font: { family: "Inter", size: 11 } };
    return new Chart(canvas, {
        type: "bar",
        data: {
            labels,
            datasets: series.map((one, at) => ({
                label: one.label,
                data: shares ? one.data.map((number, column) => (100 * number) / sums[column]) : one.data,
                numbers: one.data,
                backgroundColor: colours[at % colours.length],
                // Stacked series can be distinguished without colour.
                borderColor: isDark() ? "#101828" : "#ffffff",
                borderWidth: 1,
                maxBarThickness: 44,
                categoryPercentage: 0.8,
                barPercentage: 0.95,
            })),
        },
        options: {
            animation: false,
            maintainAspectRatio: false,
            interaction: { mode: "index", intersect: false },
            plugins: {
                legend: {
                    position: "bottom",
                    align: "start",
                    labels: { color: quiet, boxWidth: 10, boxHeight: 10, font: { family: "Inter", size: 12 } },
                },
                tooltip: {
                    filter: (item) => item.dataset.numbers[item.dataIndex] > 0,
                    callbacks: {
                        label: (item) => {
                            const share = shares ? ` (${Math.round(item.raw)} %)` : "";
                            return `${item.dataset.label}: ${item.dataset.numbers[item.dataIndex]}${share}`;
                        },
                    },
                },
            },
            scales: {
                x: { stacked: true, grid: { display: false }, border: { color: line }, ticks: { ...ticks, maxRotation: 50 } },
                y: {
                    stacked: true,
                    max: shares ? 100 : undefined,
                    grid: { color: line },
                    border: { display: false },
                    ticks: { ...ticks, precision: 0, callback: (value) => (shares ? `${value} %` : value) },
                },
            },
        },
    });
}

function drawAll() {
    drawn.splice(0).forEach((chart) => chart.destroy());
    drawn.push(...[...document.querySelectorAll("canvas[data-chart]")].map(draw));
}

const place = document.querySelector("[data-charts]");
if (place) {
    const answer = await fetch(place.dataset.charts).catch(() => null);
    if (answer?.ok) {
        place.innerHTML = await answer.text();
        drawAll();
        let dark = isDark();
        new MutationObserver(() => {
            if (dark !== isDark()) {
                dark = isDark();
                drawAll();
            }
        }).observe(document.documentElement, { attributeFilter: ["class"] });
    }
}
