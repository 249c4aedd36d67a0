// SPDX-License-Identifier: Apache-2.0
#include "images.hpp"
#include "instruction_sets.hpp"

#include <guide/filters/log_compression.hpp>

#include <catch2/catch.hpp>

using namespace guide;
using filters::LogCompression;

namespace {

double grey_of(double amplitude, const LogCompression& c) {
    const double above = 1 + 20 * std::log10(amplitude / c.reference) / c.dynamic_range_db;
    return c.black + (c.white - c.black) * std::clamp(above, 0.0, 1.0);
}

double amplitude_of(double grey, const LogCompression& c) {
    const double above = (std::clamp(grey, c.black, c.white) - c.black) / (c.white - c.black) - 1;
    return c.reference * std::pow(10, above * c.dynamic_range_db / 20);
}

const LogCompression kCases[] = {
    {}, {40, 0, 1, 1000}, {200, -5, 5, 1e-12}, {200, 0, 255, 1e12}, {1, 0, 65535, 0.5}};

}  // namespace

TEST_CASE("log_compression: both directions equal their definition") {
    test::for_each_instruction_set([] {
        for (const auto& c : kCases) {
            for (const int w : test::kAwkwardSizes) {
                auto grey = test::random_image(w, 63);
                for (std::size_t i = 0; i < grey.size(); ++i) {
                    const double share = grey.data()[i] / 255.0;
                    grey.data()[i] = static_cast<float>(c.black + (c.white - c.black) * share);
                }
                Image<float> amplitude(w, 63), back(w, 63);
                filters::log_decompress(grey.view(), amplitude.view(), c);
                filters::log_compress(amplitude.view(), back.view(), c);
                for (std::size_t i = 0; i < grey.size(); ++i) {
                    const double expected = amplitude_of(grey.data()[i], c);
                    const double error = c.dynamic_range_db > 100 ? 1e-5 : 2e-6;
                    REQUIRE(amplitude.data()[i] == Approx(expected).epsilon(error));
                    const double largest = std::max(std::abs(c.black), std::abs(c.white));
                    REQUIRE(std::abs(back.data()[i] - grey_of(amplitude.data()[i], c)) <
                            1e-6 * (c.white - c.black) + 1e-7 * largest);  // and its rounding
                }
            }
        }
    });
}

TEST_CASE("log_compression: one undoes the other") {
    const auto grey = test::random_image(200, 65);
    Image<float> image(200, 65);
    filters::log_decompress(grey.view(), image.view());
    filters::log_compress(image.view(), image.view(), {}, {2, {}});  // in place
    CHECK(test::largest_difference(image, grey) < 255 * 2e-6);
}

TEST_CASE("log_compression: black, white and what is no number") {
    const LogCompression c{60, 10, 200, 2};
    Image<float> amplitude(7, 1), grey(7, 1);
    const float amplitudes[] = {0, -1, NAN, INFINITY, 2, 5, 1e-38F};
    std::copy_n(amplitudes, 7, amplitude.data());
    filters::log_compress(amplitude.view(), grey.view(), c);
    const float greys[] = {10, 10, 10, 200, 200, 200, 10};
    for (int i = 0; i < 7; ++i)
        CHECK(grey.at(i, 0) == Approx(greys[i]));

    const float levels[] = {10, 200, NAN, INFINITY, -INFINITY, 300, 0};
    std::copy_n(levels, 7, grey.data());
    filters::log_decompress(grey.view(), amplitude.view(), c);
    const double expected[] = {0.002, 2, 0.002, 2, 0.002, 2, 0.002};
    for (int i = 0; i < 7; ++i)
        CHECK(amplitude.at(i, 0) == Approx(expected[i]).epsilon(1e-5));
}

TEST_CASE("log_compression: strided views and any number of threads give the same bits") {
    const auto in = test::random_image(130, 200);
    Image<float> out(130, 200), other(130, 200);
    filters::log_decompress(in.view(), out.view());
    filters::log_decompress(in.view(), other.view(), {}, {3, {}});
    CHECK(test::largest_difference(out, other) == 0);
    const test::Strided source(in);
    test::Strided target(in);
    filters::log_decompress(source.part, target.part);
    CHECK(test::largest_difference(target.part, out.view()) == 0);
    CHECK(std::isnan(target.whole.at(2, 2)));
}

TEST_CASE("log_compression: stops when asked to") {
    Image<float> image(9, 9, 1.0F);
    std::stop_source source;
    source.request_stop();
    for (const int threads : {1, 2}) {
        const Execution execution{threads, source.get_token()};
        CHECK_THROWS_AS(filters::log_compress(image.view(), image.view(), {}, execution), Stopped);
        CHECK_THROWS_AS(filters::log_decompress(image.view(), image.view(), {}, execution),
                        Stopped);
    }
}

TEST_CASE("log_compression: wrong calls throw and name the field") {
    Image<float> a(4, 4), b(5, 4);
    CHECK_THROWS_AS(filters::log_compress(a.view(), b.view()), PreconditionError);
    CHECK_THROWS_AS(filters::log_decompress(a.view(), b.view()), PreconditionError);
    const auto refused = [&](const LogCompression& c, const char* field) {
        CHECK_THROWS_WITH(filters::log_compress(a.view(), a.view(), c), Catch::Contains(field));
        CHECK_THROWS_WITH(filters::log_decompress(a.view(), a.view(), c), Catch::Contains(field));
    };
    refused({0.5}, "dynamic_range_db");
    refused({NAN}, "dynamic_range_db");
    refused({60, -2e6}, "black");
    refused({60, 5, 5}, "white");
    refused({60, 0, 255, 0}, "reference");
    CHECK_NOTHROW(filters::log_compress(ImageView<const float>(), ImageView<float>()));
}
