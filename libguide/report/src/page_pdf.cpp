// SPDX-License-Identifier: Apache-2.0
#include "page_content.hpp"

#include <guide/report/page.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <sstream>
#include <string_view>

namespace guide::report {
namespace {

// Points (1/72 inch) of an A4 page.
constexpr double kWidth = 595, kHeight = 842, kEdge = 36, kPictureHigh = 235, kFactsWide = 150;

std::string fixed(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", value);
    return text;
}

/// UTF-8 as the one byte a letter that the standard fonts take: Latin-1 as it is, anything else
/// "?".
std::string latin1(std::string_view utf8) {
    std::string result;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto byte = static_cast<unsigned char>(utf8[i]);
        if ((byte & 0xC0) == 0x80) continue;  // of the letter before
        const bool two = (byte == 0xC2 || byte == 0xC3) && i + 1 < utf8.size();
        const auto letter =
            two ? (byte & 3U) << 6 | (static_cast<unsigned char>(utf8[i + 1]) & 0x3FU) : byte;
        const bool shown = two ? letter >= 0xA0 : byte >= 0x20 && byte < 0x7F;
        result += shown ? static_cast<char>(letter) : '?';
    }
    return result;
}

/// A PDF string, plain ASCII.
std::string literal(std::string_view letters) {
    std::string result = "(";
    for (const char c : letters) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80) {
            char octal[5];
            std::snprintf(octal, sizeof octal, "\\%03o", static_cast<unsigned>(byte));
            result += octal;
            continue;
        }
        if (c == '(' || c == ')' || c == '\\') result += '\\';
        result += c;
    }
    return result + ")";
}

// Helvetica's advance widths, thousandths of its size, of the characters from space to tilde (Adobe
// font metrics of the 14 standard fonts).
constexpr std::array<int, 95> kAdvance{
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};

/// Width of the text in points; bold is at most a tenth wider.
double width_of(std::string_view text, double size, bool bold) {
    int sum = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        sum += byte >= 0x20 && byte < 0x7F ? kAdvance[byte - 0x20U] : 556;
    }
    return sum * size / 1000 * (bold ? 1.1 : 1);
}

/// Text set line by line from the top, on as many pages as it takes.
class Sheets {
  public:
    explicit Sheets(double first_top) : y_(first_top) { pages_.emplace_back(); }

    void line(const std::string& text, double size, bool bold, double indent = 0) {
        const double most = kWidth - 2 * kEdge - indent;
        std::istringstream words(latin1(text));
        std::string word, row;
        while (words >> word) {
            const std::string longer = row.empty() ? word : row + " " + word;
            if (width_of(longer, size, bold) <= most) {
                row = longer;
                continue;
            }
            if (!row.empty()) put(row, size, bold, indent);
            row = word;
            while (width_of(row, size, bold) > most) {  // a checksum
                std::size_t fits = row.size() - 1;
                while (fits > 1 && width_of(row.substr(0, fits), size, bold) > most)
                    --fits;
                put(row.substr(0, fits), size, bold, indent);
                row.erase(0, fits);
            }
        }
        if (!row.empty()) put(row, size, bold, indent);
    }
    void space(double points) { y_ -= points; }
    [[nodiscard]] double y() const { return y_; }
    /// On, on the first page, from where `y` is.
    void go_to(double y) { y_ = y; }
    [[nodiscard]] const std::vector<std::string>& pages() const { return pages_; }

  private:
    void put(const std::string& text, double size, bool bold, double indent) {
        y_ -= 1.25 * size;
        if (y_ < kEdge) {
            pages_.emplace_back();
            y_ = kHeight - kEdge - 1.25 * size;
        }
        pages_.back() += std::string("BT /") + (bold ? "B " : "R ") + fixed(size) + " Tf " +
                         fixed(kEdge + indent) + " " + fixed(y_) + " Td " + literal(text) +
                         " Tj ET\n";
    }

    std::vector<std::string> pages_;
    double y_;
};

/// Numbers objects and remembers where each begins.
class Objects {
  public:
    /// The object's number; `body` without "obj" and "endobj".
    int add(const std::string& body) {
        offsets_.push_back(bytes_.size());
        const int id = static_cast<int>(offsets_.size());
        bytes_ += std::to_string(id) + " 0 obj\n" + body + "\nendobj\n";
        return id;
    }
    int add_stream(const std::string& dictionary, const std::string& data) {
        return add("<< " + dictionary + " /Length " + std::to_string(data.size()) +
                   " >>\nstream\n" + data + "\nendstream");
    }
    [[nodiscard]] int next() const { return static_cast<int>(offsets_.size()) + 1; }
    [[nodiscard]] std::string finish(int root) const {
        std::string table =
            "xref\n0 " + std::to_string(offsets_.size() + 1) + "\n0000000000 65535 f \n";
        for (const std::size_t offset : offsets_) {
            char row[32];
            std::snprintf(row, sizeof row, "%010zu 00000 n \n", offset);
            table += row;
        }
        return bytes_ + table + "trailer\n<< /Size " + std::to_string(offsets_.size() + 1) +
               " /Root " + std::to_string(root) + " 0 R >>\nstartxref\n" +
               std::to_string(bytes_.size()) + "\n%%EOF\n";
    }

  private:
    std::string bytes_ = "%PDF-1.4\n";
    std::vector<std::size_t> offsets_;
};

std::string pdf_of(const PageContent& content, ImageView<const Rgb8> picture) {
    const bool pictured = picture.width > 0 && picture.height > 0;
    const double scale =
        !pictured ? 0
                  : std::min((kWidth - 2 * kEdge) / picture.width, kPictureHigh / picture.height);
    Sheets sheets(kHeight - kEdge);
    sheets.line(content.title, 15, true);
    sheets.line(content.verdict, 10, true);
    // The facts stand beside the picture where it leaves room, so that one page holds all.
    const double top = sheets.y() - 8;
    const double beside = scale * picture.width + 14;
    const bool room = pictured && kWidth - 2 * kEdge - beside > kFactsWide;
    if (pictured && !room) sheets.space(scale * picture.height + 16);
    for (const auto& [label, value] : content.facts)
        sheets.line(label + ": " + value, 8, false, room ? beside : 0);
    if (room) sheets.go_to(std::min(sheets.y(), top - scale * picture.height - 8));
    for (const Paragraph& p : content.paragraphs) {
        sheets.space(4);
        sheets.line(p.heading, 9.5, true);
        for (const std::string& s : p.sentences)
            sheets.line("- " + s, 8, false, 6);
    }
    sheets.space(4);
    sheets.line("Checklist", 9.5, true);
    for (const std::string& item : content.checklist)
        sheets.line("[  ] " + item, 8, false, 6);
    sheets.space(4);
    sheets.line(content.footer, 8, true);

    Objects objects;
    const int regular = objects.add(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
    const int bold = objects.add(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>");
    std::string resources =
        "/Font << /R " + std::to_string(regular) + " 0 R /B " + std::to_string(bold) + " 0 R >>";
    std::string drawing;
    if (pictured) {
        std::string pixels;
        for (int y = 0; y < picture.height; ++y) {
            for (int x = 0; x < picture.width; ++x) {
                const Rgb8 p = picture.at(x, y);
                pixels += static_cast<char>(p.r);
                pixels += static_cast<char>(p.g);
                pixels += static_cast<char>(p.b);
            }
        }
        const int image = objects.add_stream(
            "/Type /XObject /Subtype /Image /Width " + std::to_string(picture.width) + " /Height " +
                std::to_string(picture.height) + " /ColorSpace /DeviceRGB /BitsPerComponent 8",
            pixels);
        resources += " /XObject << /P " + std::to_string(image) + " 0 R >>";
        drawing = "q " + fixed(scale * picture.width) + " 0 0 " + fixed(scale * picture.height) +
                  " " + fixed(kEdge) + " " + fixed(top - scale * picture.height) + " cm /P Do Q\n";
    }
    std::vector<int> streams;
    for (std::size_t i = 0; i < sheets.pages().size(); ++i)
        streams.push_back(
            objects.add_stream("", (i == 0 ? drawing : std::string()) + sheets.pages()[i]));
    const int tree = objects.next() + static_cast<int>(streams.size());
    std::string kids;
    for (const int stream : streams) {
        const int id =
            objects.add("<< /Type /Page /Parent " + std::to_string(tree) + " 0 R /MediaBox [0 0 " +
                        fixed(kWidth) + " " + fixed(kHeight) + "] /Resources << " + resources +
                        " >> /Contents " + std::to_string(stream) + " 0 R >>");
        kids += std::to_string(id) + " 0 R ";
    }
    objects.add("<< /Type /Pages /Kids [" + kids + "] /Count " + std::to_string(streams.size()) +
                " >>");
    const int root = objects.add("<< /Type /Catalog /Pages " + std::to_string(tree) + " 0 R >>");
    return objects.finish(root);
}

}  // namespace

std::string plan_pdf(const SourceReference& source, const Frame& frame, const Anatomy& anatomy,
                     const plan::Plan& plan, ImageView<const Rgb8> picture) {
    return pdf_of(page_content(source, frame, anatomy, plan), picture);
}

std::string volume_plan_pdf(const SourceReference& source, const plan::VolumeScene& scene,
                            const plan::Plan& plan, ImageView<const Rgb8> picture) {
    return pdf_of(volume_page_content(source, scene, plan), picture);
}

}  // namespace guide::report
