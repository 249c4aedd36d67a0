// SPDX-License-Identifier: Apache-2.0
#include "page_content.hpp"

#include <guide/report/page.hpp>

#include <cstdint>

namespace guide::report {
namespace {

std::string escaped(const std::string& text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            default:
                result += c;
        }
    }
    return result;
}

std::string base64(std::string_view bytes) {
    static constexpr char kLetters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve(bytes.size() * 4 / 3 + 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            group <<= 8;
            if (i + k < bytes.size()) group |= static_cast<unsigned char>(bytes[i + k]);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            const bool padding = i + k > bytes.size();
            text += padding ? '=' : kLetters[(group >> (18 - 6 * k)) & 63];
        }
    }
    return text;
}

const char* const kStyle =
    "body{font:14px/1.4 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#111}"
    "h1{font-size:1.4em;margin:0}h2{font-size:1.05em;margin:1em 0 .2em}"
    ".top{display:flex;flex-wrap:wrap;gap:1em;align-items:flex-start}"
    ".top img{max-width:32em;flex:1 1 20em;width:50%;height:auto}.top table{flex:1 1 18em}"
    "table{border-collapse:collapse}"
    "td,th{text-align:left;vertical-align:top;padding:.1em .8em .1em 0;word-break:break-word}"
    "th{font-weight:600;white-space:nowrap}ul{margin:.2em 0 .2em 1.2em;padding:0}"
    ".verdict{font-weight:600}footer{margin-top:1em;color:#555}"
    "@media print{body{margin:0;font-size:10px}}";

std::string html_of(const PageContent& page, std::string_view picture_png) {
    std::string html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
    html += "<title>" + escaped(page.title) + "</title>\n<style>" + kStyle + "</style>\n</head>\n";
    html += "<body>\n<h1>" + escaped(page.title) + "</h1>\n";
    html += "<p class=\"verdict\">" + escaped(page.verdict) + "</p>\n";
    html += "<div class=\"top\">\n";
    if (!picture_png.empty()) {
        html += "<img alt=\"" + escaped(page.picture) + "\" ";
        html += "src=\"data:image/png;base64," + base64(picture_png) + "\">\n";
    }
    html += "<table>\n";
    for (const auto& [label, value] : page.facts)
        html += "<tr><th>" + escaped(label) + "</th><td>" + escaped(value) + "</td></tr>\n";
    html += "</table>\n</div>\n";
    for (const Paragraph& p : page.paragraphs) {
        html += "<h2>" + escaped(p.heading) + "</h2>\n<ul>\n";
        for (const std::string& s : p.sentences)
            html += "<li>" + escaped(s) + "</li>\n";
        html += "</ul>\n";
    }
    html += "<h2>Checklist</h2>\n<ul>\n";
    for (const std::string& item : page.checklist)
        html += "<li>&#9744; " + escaped(item) + "</li>\n";
    html += "</ul>\n<footer>" + escaped(page.footer) + "</footer>\n</body>\n</html>\n";
    return html;
}

}  // namespace

std::string plan_html(const SourceReference& source, const Frame& frame, const Anatomy& anatomy,
                      const plan::Plan& plan, std::string_view picture_png) {
    return html_of(page_content(source, frame, anatomy, plan), picture_png);
}

std::string volume_plan_html(const SourceReference& source, const plan::VolumeScene& scene,
                             const plan::Plan& plan, std::string_view picture_png) {
    return html_of(volume_page_content(source, scene, plan), picture_png);
}

}  // namespace guide::report
