// Exchanges with the server. Whatever goes wrong comes back as an error to show; nothing typed is dropped for it.

export class Refusal extends Error {
    constructor(errors) {
        super(Object.values(errors).flat().join(" "));
        this.errors = errors;
    }
}

async function answer(response) {
    if (response.redirected && response.url.includes("/login/")) {
        throw new Refusal({ "": ["You are signed out. Sign in again in another tab, then repeat this: nothing here is lost."] });
    }
    let given;
    try {
        given = await response.json();
    } catch {
        const said = response.status === 403 ? "You may not do this." : `The server answered with an error (${response.status}).`;
        throw new Refusal({ "": [`${said} Nothing was saved; what you typed is still here.`] });
    }
    if (!response.ok) {
        throw new Refusal(given.errors ?? { "": ["The server refused this."] });
    }
    return given;
}

async function send(address, options) {
    let response;
    try {
        response = await fetch(address, { credentials: "same-origin", ...options });
    } catch {
        throw new Refusal({ "": ["The server cannot be reached. Nothing was saved; what you typed is still here. Try again."] });
    }
    return answer(response);
}

export function ask(address, parameters = {}) {
    const query = new URLSearchParams(parameters);
    return send(`${address}?${query}`, { headers: { Accept: "application/json" } });
}

export function tell(address, given) {
    const token = document.querySelector("#desk [name=csrfmiddlewaretoken]").value;
    return send(address, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
        body: JSON.stringify(given),
    });
}
