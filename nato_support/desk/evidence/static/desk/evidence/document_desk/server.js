// Requests to the server. Every failure becomes a Refusal whose message is shown; what was typed is kept.

export class Refusal extends Error {
    constructor(errors) {
        super(Object.values(errors).flat().join(" "));
        this.errors = errors;
    }
}

async function readAnswer(response) {
    if (response.redirected && response.url.includes("/login/")) {
        throw new Refusal({ "": ["You are signed out. Sign in again in another tab, then repeat this. Nothing you typed is lost."] });
    }
    let answer;
    try {
        answer = await response.json();
    } catch {
        const reason = response.status === 403 ? "You may not do this." : `The server answered with an error (${response.status}).`;
        throw new Refusal({ "": [`${reason} Nothing was saved; what you typed is still here.`] });
    }
    if (!response.ok) {
        throw new Refusal(answer.errors ?? { "": ["The server refused this."] });
    }
    return answer;
}

async function send(address, options) {
    let response;
    try {
        response = await fetch(address, { credentials: "same-origin", ...options });
    } catch {
        throw new Refusal({ "": ["The server cannot be reached. Nothing was saved; what you typed is still here. Try again."] });
    }
    return readAnswer(response);
}

export function getJson(address, parameters = {}) {
    const query = new URLSearchParams(parameters);
    return send(`${address}?${query}`, { headers: { Accept: "application/json" } });
}

export function postJson(address, payload) {
    const token = document.querySelector("#desk [name=csrfmiddlewaretoken]").value;
    return send(address, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
        body: JSON.stringify(payload),
    });
}
